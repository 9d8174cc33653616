"""A workbench on values in memory, for the studio's tests and for looking at its pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import Any, Literal

from bot.evaluation import Graded, Outcome
from bot.gaps.grouping import Gap
from bot.gaps.store import GapView
from bot.progress import ProgressCallback, silent
from bot.publishing.browsing import Facets
from bot.publishing.values import (
    Asked,
    AskedHit,
    CannotPublish,
    Check,
    Comparison,
    Conflict,
    DiskState,
    DraftChange,
    DraftView,
    EntryPage,
    EntryRow,
    EntrySearch,
    EntryView,
    FeedReport,
    Key,
    NotAllowed,
    ProductPage,
    ProductRow,
    Rehearsal,
    User,
)
from knowledge.editing.fields import EntryFields, suggest_id
from knowledge.entries import Content, Entry, Problem, Source
from knowledge.formats.questions import Question
from knowledge.versions.changes import Changes, compare
from knowledge.versions.store import Version

LEAD, VIEWER = User("Lena", "lead"), User("Vera", "viewer")
EVIL = '<script>alert("x")</script>'
_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_TOPICS = ("delivery_period", "return_item", "gift_card", "track_order", "sizes")
_SUBJECTS = ("tents", "rain jackets", "boots", "sleeping bags", "gift cards", "parcels", "stoves")
_ASKS = ("How long does delivery of {} take?", "Can I return {}?", "How do I care for {}?",
         "Do you repair {}?", "Which size of {} fits me?")


def made_up(count: int) -> dict[Key, EntryFields]:
    """Entries with all kinds of fields; the third holds a script."""
    found = {}
    for n in range(count):
        subject, ask = _SUBJECTS[n % 7], _ASKS[n % 5]
        name = f"{subject.replace(' ', '-')}-{n}"
        answer = (f"For **{subject}** it takes 3–5 business days.\n\n- Keep the receipt\n"
                  f"- See [our page](https://shop.example/{name})\n\nThis is answer {n}.")
        found[name, "en"] = EntryFields(
            id=name, language="en", question=ask.format(subject), answer=answer,
            intent=_TOPICS[n % 5], phrasings=(f"{subject} please", f"about {subject} {n}"),
            tests=(f"what about my {subject} number {n}",), tags=(_SUBJECTS[n % 7].split()[0],),
            kind="policy" if n % 11 == 10 else "faq",
            file="policies/returns.en.md" if n % 11 == 10 else f"faq/part{n % 4}.en.md",
            valid_until="2026-11-01" if n == 5 else "")
    if count > 2:
        found["evil", "en"] = EntryFields(
            id="evil", language="en", question=f"What about {EVIL}?", file="faq/part0.en.md",
            answer=f"Never run {EVIL}, see [this](javascript:alert(1)).", phrasings=(EVIL,),
            intent="sizes", tags=(EVIL,))
        found["delivery", "zh"] = EntryFields(
            id="delivery", language="zh", question="配送需要多长时间？", intent="delivery_period",
            answer="标准配送需要 **3 天**。", phrasings=("多久能到",), file="faq/part0.zh.md")
    return found


def entry_of(fields: EntryFields) -> Entry:
    """An entry as the files would give it."""
    return Entry(
        id=fields.id, language=fields.language, question=fields.question, answer=fields.answer,
        source=Source(fields.file, 7), kind=fields.kind, intent=fields.intent or None,
        phrasings=fields.phrasings, tests=fields.tests, tags=frozenset(fields.tags))


@dataclass
class _Mine:
    base: EntryFields | None
    mine: EntryFields | None


class StandIn:
    """`Workbench` by its methods; `losses` many test questions are lost by any publish."""

    def __init__(self, count: int = 300, *, losses: int = 0) -> None:
        self._made_up = made_up(count)
        self._losses = losses
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self.live = dict(self._made_up)
        self.losses = self._losses
        self.drafts: dict[str, dict[Key, _Mine]] = {}
        self.files: dict[str, list[str]] = {}
        self.history: list[tuple[Version, dict[Key, EntryFields]]] = []
        self._commit("Ann", "The first version")
        self.gap_states: dict[str, GapView] = {g.gap.id: g for g in _gaps()}
        self.disk_state = DiskState("same")

    # looking

    def entries(self, user: User, search: EntrySearch) -> EntryPage:
        mine = self._mine(user)
        keys = [k for k in mine if k not in self.live] + list(self.live)
        rows = [self._row(k, mine.get(k)) for k in keys]
        words = search.text.casefold().split()
        rows = [r for r in rows
                if all(w in f"{r.question} {r.answer_start} {r.key[0]}".casefold() for w in words)
                and search.language in ("", r.key[1]) and search.kind in ("", r.kind)
                and (not search.tag or search.tag in r.tags) and search.file in ("", r.file)
                and (not search.state or search.state == r.state
                     or (search.state == "changed" and r.state in ("new", "removed")))]
        pages = max(1, -(-len(rows) // search.page_size))
        page = min(max(1, search.page), pages)
        cut = rows[(page - 1) * search.page_size:page * search.page_size]
        return EntryPage(tuple(cut), len(rows), page, pages)

    def facets(self) -> Facets:
        values = list(self.live.values())
        files = tuple(sorted({f.file for f in values}))
        return Facets(("en", "zh"), tuple(sorted({t for f in values for t in f.tags})), files,
                      _TOPICS, tuple(f for f in files if f.startswith("faq/")))

    def entry(self, user: User, key: Key) -> EntryView:
        live, mine = self.live.get(key), self._mine(user).get(key)
        if live is None and mine is None:
            raise KeyError(key)
        others = tuple(n for n, d in self.drafts.items() if n != user.name and key in d)
        return EntryView(key, mine.mine if mine else live, live, mine.base if mine else live,
                         mine is not None, others)

    def check(self, user: User, mine: EntryFields, *, replacing: Key | None) -> Check:
        problems = []
        if replacing is not None and replacing not in self.live:
            problems.append(Problem(mine.file, 1, 1, f"there is no '{mine.id}' any more"))
        if not mine.answer.strip():
            problems.append(Problem(mine.file, 7, 1, f"'{mine.id}' has no answer; write one"))
        if "](" in mine.answer and "](http" not in mine.answer:
            problems.append(Problem(mine.file, 9, 5, "the link is not valid; begin with https://"))
        if len(mine.answer) > 600:
            problems.append(Problem(mine.file, 7, 1, "the answer is long; cut it", warning=True))
        if replacing is None and mine.key in self.live:
            problems.append(Problem(mine.file, 7, 3, f"id '{mine.id}' is already used; rename"))
        return Check(tuple(problems))

    def draft(self, user: User) -> DraftView:
        changes = [DraftChange(k, "removed" if m.mine is None else
                               "changed" if k in self.live else "added",
                               (m.mine or m.base or self.live[k]).question)
                   for k, m in self._mine(user).items()]
        changes += [DraftChange((f, ""), "file", f) for f in self.files.get(user.name, ())]
        return DraftView(tuple(changes), self._conflicts(user))

    def rehearse(self, user: User, progress: ProgressCallback = silent) -> Rehearsal:
        for done in range(0, 101, 20):
            progress("test questions", done, 100)
        conflicts = self._conflicts(user)
        problems = [p for k, m in self._mine(user).items() if m.mine
                    for p in self.check(
                        user, m.mine, replacing=k if k in self.live else None).problems]
        stopped = conflicts or any(not p.warning for p in problems)
        return Rehearsal(compare(_content(self.live), _content(self._after(user))),
                         tuple(problems), conflicts, None if stopped else self._comparison())

    def ask(
        self, user: User, question: str, language: str = "", *, of_draft: bool = False
    ) -> Asked:
        words = set(question.casefold().split())
        found = sorted(
            (self._after(user) if of_draft else self.live).values(),
            key=lambda f: -len(words & set(f.question.casefold().split())))[:8]
        hits = tuple(AskedHit(f.key, f.question, f.question, 1 / (n + 1), 0.86 / (n + 1),
                              0.7 - n / 20, 4.2 - n / 3, f.file, 7) for n, f in enumerate(found))
        answers = "weather" not in words
        return Asked(question, language or "en", "delivery_period", 0.73, not answers, hits, 0.52,
                     "answers" if answers else "asks back",
                     "confident intent" if answers else "answer below threshold 0.52",
                     found[0].answer if answers else "", found[0].key if answers else None, "")

    def versions(
        self, *, limit: int = 50, before: str | None = None, key: Key | None = None
    ) -> tuple[Version, ...]:
        found = [v for n, (v, files) in enumerate(self.history) if key is None
                 or n == 0 or files.get(key) != self.history[n - 1][1].get(key)][::-1]
        if before is not None:
            found = found[[v.id for v in found].index(before) + 1:]
        return tuple(found[:limit])

    def changes_of(self, version: str) -> Changes:
        n = self._number(version)
        return compare(_content(self.history[n - 1][1] if n else {}), _content(self.history[n][1]))

    def head(self) -> Version | None:
        return self.history[-1][0]

    def disk(self) -> DiskState:
        return self.disk_state

    def export(self, version: str | None = None) -> bytes:
        return b"PK zip"

    def products(self, text: str, *, page: int = 1, page_size: int = 50) -> ProductPage:
        rows = [ProductRow(f"P{n}", f"{_SUBJECTS[n % 7].title()} {n}", "129.00 USD",
                           "99.00 USD" if n % 3 == 0 else "",
                           ("in_stock", "out_of_stock", "preorder")[n % 3], "Outdoor > Tents",
                           "North", "products.csv", n + 2) for n in range(230)]
        rows = [r for r in rows if text.casefold() in f"{r.id} {r.title}".casefold()]
        pages = max(1, -(-len(rows) // page_size))
        return ProductPage(tuple(rows[(page - 1) * page_size:page * page_size]), len(rows), page,
                           pages)

    def check_feed(self, name: str, data: bytes) -> FeedReport:
        lines = data.decode().splitlines()
        problems = tuple(Problem(f"products{PurePosixPath(name).suffix}", n, 9,
                                 f"price '{line}' is not valid; write 129.00 USD")
                         for n, line in enumerate(lines, 1) if "bad" in line)
        return FeedReport("products.csv", len(lines) - len(problems), problems,
                          (f"{len(lines)} products get a new price",))

    @property
    def editing(self) -> "StandIn":
        return self

    @property
    def releases(self) -> "StandIn":
        return self

    @property
    def gaps(self) -> Any:
        return SimpleNamespace(
            views=lambda: tuple(self.gap_states.values()), draft=self._draft_gap,
            dismiss=self._dismiss_gap, reopen=self._reopen_gap)

    # the draft

    def save(self, user: User, mine: EntryFields, *, base: EntryFields | None,
             replacing: Key | None = None) -> Conflict | None:
        _lead(user)
        key = replacing or mine.key
        self._mine(user)[key] = _Mine(base, mine)
        return next((c for c in self._conflicts(user) if c.key == key), None)

    def remove(self, user: User, key: Key, *, base: EntryFields | None) -> None:
        _lead(user)
        if base is None:
            self._mine(user).pop(key, None)
        else:
            self._mine(user)[key] = _Mine(base, None)

    def settle(self, user: User, key: Key, *, keep: Literal["mine", "theirs"]) -> None:
        _lead(user)
        if keep == "theirs":
            self._mine(user).pop(key, None)
        else:
            self._mine(user)[key].base = self.live.get(key)

    def undo(self, user: User, key: Key) -> None:
        _lead(user)
        self._mine(user).pop(key, None)
        self.files[user.name] = [f for f in self.files.get(user.name, ()) if f != key[0]]

    def discard(self, user: User) -> None:
        _lead(user)
        self._mine(user).clear()
        self.files.pop(user.name, None)

    def new_fields(self, user: User, question: str, language: str) -> EntryFields:
        return EntryFields(id=suggest_id(question, {k[0] for k in self.live}), language=language,
                           question=question, answer="", file=f"faq/studio.{language}.md")

    def use_feed(self, user: User, name: str, data: bytes) -> FeedReport:
        _lead(user)
        self.files.setdefault(user.name, []).append("products.csv")
        return self.check_feed(name, data)

    def import_document(self, user: User, name: str, data: bytes, language: str) -> Any:
        _lead(user)
        file = f"policies/{PurePosixPath(name).stem}.{language}.md"
        self.files.setdefault(user.name, []).append(file)
        return SimpleNamespace(file=file, text=f"# {name}\n\n{data.decode(errors='replace')[:500]}",
                               notes=("A picture was left out on page 2.",))

    def _draft_gap(self, user: User, gap_id: str) -> EntryFields:
        _lead(user)
        view = self.gap_states[gap_id]
        texts = tuple(text for text, _ in view.gap.questions)
        fields = replace(self.new_fields(user, view.gap.title, view.gap.language),
                         phrasings=texts[1:3], tests=texts[3:])
        self._mine(user)[fields.key] = _Mine(None, fields)
        self.gap_states[gap_id] = replace(view, status="drafted", entry=fields.id, by=user.name)
        return fields

    def _dismiss_gap(self, user: User, gap_id: str) -> None:
        _lead(user)
        self.gap_states[gap_id] = replace(self.gap_states[gap_id], status="dismissed", by=user.name)

    def _reopen_gap(self, user: User, gap_id: str) -> None:
        _lead(user)
        self.gap_states[gap_id] = replace(self.gap_states[gap_id], status="open", by="")

    # going live

    def publish(self, user: User, message: str, *, accept_losses: bool = False,
                progress: ProgressCallback = silent) -> Version:
        _lead(user)
        rehearsal = self.rehearse(user, progress)
        _publishable(rehearsal, accept_losses)
        self.live = self._after(user)
        self.discard(user)
        return self._commit(user.name, message or "Changes")

    def publish_disk(
        self, user: User, message: str, *, accept_losses: bool = False
    ) -> Version:
        _lead(user)
        self.disk_state = DiskState("same")
        return self._commit(user.name, message)

    def rehearse_roll_back(self, user: User, version: str, key: Key | None = None) -> Rehearsal:
        after = self._rolled_back(version, key)
        return Rehearsal(compare(_content(self.live), _content(after)), (), (), self._comparison())

    def roll_back(self, user: User, version: str, key: Key | None = None, *,
                  accept_losses: bool = False) -> Version:
        _lead(user)
        _publishable(self.rehearse_roll_back(user, version, key), accept_losses)
        self.live = self._rolled_back(version, key)
        return self._commit(user.name, f"Roll back to {version[:8]}")

    # inside

    def publish_as(self, name: str, fields: EntryFields) -> None:
        """Another lead is quicker."""
        self.live = {**self.live, fields.key: fields}
        self._commit(name, f"Changes {fields.id}")

    def _commit(self, author: str, message: str) -> Version:
        n = len(self.history)
        parent = self.history[-1][0].id if self.history else None
        version = Version(f"{n:040x}", parent, author, _NOW + timedelta(hours=n), message)
        self.history.append((version, dict(self.live)))
        return version

    def _mine(self, user: User) -> dict[Key, _Mine]:
        return self.drafts.setdefault(user.name, {})

    def _after(self, user: User) -> dict[Key, EntryFields]:
        after = {**self.live, **{k: m.mine for k, m in self._mine(user).items() if m.mine}}
        return {k: f for k, f in after.items()
                if not (k in self._mine(user) and self._mine(user)[k].mine is None)}

    def _conflicts(self, user: User) -> tuple[Conflict, ...]:
        return tuple(Conflict(k, m.base, m.mine, self.live.get(k))
                     for k, m in self._mine(user).items() if m.base != self.live.get(k))

    def _row(self, key: Key, mine: _Mine | None) -> EntryRow:
        fields = (mine.mine if mine else None) or self.live.get(key)
        assert fields is not None
        state: Any = "" if mine is None else "removed" if mine.mine is None else (
            "changed" if key in self.live else "new")
        if not state and fields.valid_until:
            state = "expired"
        return EntryRow(key, fields.question, fields.answer[:120], fields.kind, fields.intent,
                        fields.tags, fields.file, 7, state)

    def _comparison(self) -> Comparison:
        lost = tuple(_graded(f"lost question {n}", Outcome.ASKED) for n in range(self.losses))
        gained = (_graded("where is my parcel now", Outcome.RIGHT),)
        wrong = (_graded(f"can I pay with {EVIL}", Outcome.WRONG),)
        return Comparison(240, 231, 232 - self.losses, gained, lost, wrong, ())

    def _number(self, version: str) -> int:
        return [v.id for v, _ in self.history].index(version)

    def _rolled_back(self, version: str, key: Key | None) -> dict[Key, EntryFields]:
        then = self.history[self._number(version)][1]
        if key is None:
            return dict(then)
        after = {k: f for k, f in self.live.items() if k != key}
        return {**after, key: then[key]} if key in then else after


def _lead(user: User) -> None:
    if user.role != "lead":
        raise NotAllowed("only a lead can change the knowledge")


def _publishable(rehearsal: Rehearsal, accept_losses: bool) -> None:
    if not rehearsal.publishable:
        raise CannotPublish("there are errors or conflicts", rehearsal)
    if rehearsal.losses and not accept_losses:
        raise CannotPublish("test questions would be lost", rehearsal)


def _content(entries: dict[Key, EntryFields]) -> Content:
    return Content(tuple(map(entry_of, entries.values())), ())


def _graded(text: str, outcome: Outcome) -> Graded:
    question = Question(text, "en", frozenset({"track_order"}), Source("tests/questions.yml", 12))
    topics = frozenset() if outcome is Outcome.ASKED else frozenset({"payment"})
    return Graded(question, outcome, topics, "answer below threshold 0.52")


def _gaps() -> Sequence[GapView]:
    texts = ("can I pick up my order in the shop", "pick up in store possible",
             f"is pickup ok {EVIL}", "collect my order [email]", "store pickup", "collect")
    made = []
    for n, status in enumerate(("open", "open", "dismissed", "solved")):
        gap = Gap(f"gap{n}", "en", texts[n], tuple((t, 7 - i) for i, t in enumerate(texts)), 27,
                  (("unanswered", 20), ("thumbs down", 7)), (), _NOW - timedelta(days=9), _NOW)
        made.append(GapView(gap, status))  # type: ignore[arg-type]
    return made


def stand_in_clerk(workbench: StandIn) -> Any:
    """As much of a Shopclerk as the studio needs."""
    shop = SimpleNamespace(name="Larkfield Outdoor", color="#2f5d50", language="en")
    studio = SimpleNamespace(max_upload_mb=25.0)
    return SimpleNamespace(settings=SimpleNamespace(shop=shop, studio=studio), workbench=workbench)


