"""The knowledge at a start: what was published last, or the files on disk the first time."""

import logging
from dataclasses import dataclass, replace

from bot.live import Live
from bot.preparation import Models
from bot.progress import ProgressCallback
from bot.publishing.examination import Examiner
from bot.publishing.fitting import AnswerFitter
from bot.publishing.making import SnapshotMaker
from bot.publishing.publisher import Publisher
from bot.publishing.questions import shop_questions
from bot.shop import ShopFiles
from bot.snapshot import Snapshot
from knowledge.entries import Content, Files, KnowledgeError
from knowledge.formats.folder import check_files, read_folder
from knowledge.formats.parsed import ParsedFiles
from knowledge.versions.store import HeadMoved, Version, VersionError, VersionStore

log = logging.getLogger("shopclerk")


@dataclass(frozen=True)
class KnowledgeFiles:
    """What a start begins with. `note` says why no versions are kept, where none are."""

    files: Files
    content: Content
    parsed: ParsedFiles
    versions: VersionStore | None
    head: Version | None
    note: str = ""


@dataclass(frozen=True)
class LiveKnowledge:
    """What is live, and what may change it."""

    live: Live[Snapshot]
    publisher: Publisher
    examiner: Examiner
    versions: VersionStore | None
    parsed: ParsedFiles


def read_knowledge(shop: ShopFiles, *, from_disk: bool) -> KnowledgeFiles:
    """Read what is to go live: a cheap check before models are trained.

    Args:
        shop: the shop.
        from_disk: take the files as they are, and keep no versions: for training and testing.

    Raises:
        KnowledgeError: the files have errors and nothing was published before.
    """
    parsed = ParsedFiles(shop.state_dir / "parsed")
    folder = shop.folder / "knowledge"
    versions, note = (None, "not started to serve") if from_disk else _versions(shop)
    head = versions.head() if versions else None
    if versions is not None and head is not None:
        files = versions.files(head.id)
        checked = check_files(files, parsed)
        if not checked.errors:
            return KnowledgeFiles(files, checked.content, parsed, versions, head)
        log.warning("version %s can't be read any more; taking the files on disk", head.id[:12])
    files = read_folder(folder)
    checked = check_files(files, parsed)
    if checked.errors:
        raise KnowledgeError(checked.errors)
    return KnowledgeFiles(files, checked.content, parsed, versions, head, note)


def open_knowledge(
    shop: ShopFiles,
    read: KnowledgeFiles,
    models: Models,
    progress: ProgressCallback,
    *,
    take_disk: bool,
) -> LiveKnowledge:
    """Build the first snapshot; with `take_disk` commit it where it is the first version.

    Args:
        shop: the shop.
        read: what goes live.
        models: what understands and encodes.
        progress: told of every stage.
        take_disk: publish what was changed on disk since, where that is safe.

    Raises:
        KnowledgeError: the shop's test questions can't be read.
        VersionError: the repository can't be written.
    """
    maker = _maker(shop, models)
    snapshot = maker.first(
        read.files,
        read.content,
        shop_questions(shop.folder),
        version=read.head,
        intent_model=models.choice.model,
        progress=progress,
    )
    versions, note = read.versions, read.note
    if versions is not None and _to_commit(versions, read, take_disk=take_disk):
        try:
            first = versions.commit(
                read.files,
                author="shopclerk",
                message="First version",
                parent=read.head.id if read.head else None,
            )
            snapshot = replace(snapshot, version=first)
        except HeadMoved:
            log.info("another process was first")  # its version is followed below
        except VersionError as error:
            log.warning("no versions are kept: %s", error)
            versions, note = None, str(error)
    live = Live(snapshot)
    examiner = Examiner(models.encoder.encode, shop.script)
    publisher = Publisher(
        shop.folder,
        live,
        versions,
        maker,
        examiner,
        read.parsed,
        newer_intents=models.follower.newer,
    )
    if versions is None:
        publisher.switch_off(note)
    if take_disk:
        publisher.take_disk(progress=progress)
    else:
        publisher.follow_head()
    return LiveKnowledge(live, publisher, examiner, versions, read.parsed)


def _maker(shop: ShopFiles, models: Models) -> SnapshotMaker:
    fitter = AnswerFitter(
        shop.state_dir / "answers",
        encoder=models.encoder.identity,
        max_wrong=shop.settings.knowledge.max_wrong,
    )
    return SnapshotMaker(
        models.encoder,
        shop.state_dir,
        fitter,
        flows=shop.flows,
        dialogue=shop.settings.dialogue,
        reranker=models.reranker,
    )


def _to_commit(versions: VersionStore, read: KnowledgeFiles, *, take_disk: bool) -> bool:
    """Whether what goes live is no version yet: the first one, or one in an unreadable one's place.

    A command that only looks on makes no first version.
    """
    if read.head is None:
        return take_disk
    return versions.files(read.head.id) != read.files


def _versions(shop: ShopFiles) -> tuple[VersionStore | None, str]:
    try:
        return VersionStore.open(shop.folder / "knowledge", shop.state_dir), ""
    except VersionError as error:
        log.warning("no versions are kept: %s", error)
        return None, str(error)
