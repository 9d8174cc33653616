"""The composition root: the only place that builds the parts and hands them to each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rasa_sdk import Action
from sqlalchemy import Engine

from bot.actions.answer import ActionAnswer
from bot.actions.cancel_order import ActionCancelOrder, ActionCheckCancellation
from bot.actions.endpoint import ActionEndpoint, EndpointSettings
from bot.actions.handover import ActionHandover
from bot.actions.order_risk import ActionAssessOrderRisk
from bot.actions.order_status import ActionOrderHistory, ActionOrderStatus, ActionRefundStatus
from bot.actions.product_info import ActionCompareProducts, ActionProductInfo
from bot.actions.recommend import ActionRecommendProduct
from bot.actions.runner import ActionRunner
from bot.actions.shop_actions import load_shop_actions, with_shop_actions
from bot.answers import Answers, Vector
from bot.assistant import Assistant
from bot.batching import MicroBatcher
from bot.dialogue.flow_checks import check_flows
from bot.dialogue.script import Script, write_script
from bot.gaps.store import GapStore
from bot.hearing import Manners
from bot.intent_models.choice import NO_WISH, Choice, TrainingWish
from bot.intent_models.serving import LiveUnderstander
from bot.orders.order import CustomerDirectory
from bot.preparation import Models, OrderDesk, prepare_models, prepare_orders
from bot.progress import ProgressCallback, silent
from bot.publishing.drafts import DraftStore
from bot.publishing.editing import Editing
from bot.publishing.gap_desk import GapDesk
from bot.publishing.opening import LiveKnowledge, open_knowledge, read_knowledge
from bot.publishing.questions import shop_intent_tests
from bot.publishing.releases import Releases
from bot.publishing.workbench import Workbench
from bot.recommend.recommender import Recommender
from bot.server.chat_service import ChatService
from bot.server.sessions import Sessions, read_secret
from bot.settings import Settings
from bot.shop import ShopFiles, read_shop
from bot.storage.conversations import ConversationStore
from bot.voice import open_voice
from speech.pipeline import VoiceInput
from speech.transcript import Synthesizer

_OWN_ACTIONS: tuple[type[Action], ...] = (
    ActionAnswer,
    ActionOrderStatus,
    ActionOrderHistory,
    ActionRefundStatus,
    ActionCheckCancellation,
    ActionCancelOrder,
    ActionAssessOrderRisk,
    ActionHandover,
    ActionRecommendProduct,
    ActionProductInfo,
    ActionCompareProducts,
)


@dataclass(frozen=True)
class Bot:
    """The part that talks, on one database."""

    assistant: Assistant
    runner: ActionRunner
    store: ConversationStore
    script: Script

    @property
    def talking(self) -> tuple[Assistant, ConversationStore]:
        """What a conversation test needs of it."""
        return self.assistant, self.store


@dataclass(frozen=True)
class Shopclerk:
    """Everything that the pages, the service and the command need.

    `assemble` puts the same bot together on another database, with actions in place of those of
    their names: for tests, which must change nothing here.
    """

    settings: Settings
    shop_dir: Path
    assistant: Assistant
    chat: ChatService
    runner: ActionRunner
    store: ConversationStore
    script: Script
    assemble: Callable[[Engine, Sequence[Action]], tuple[Assistant, ConversationStore]]
    sessions: Sessions
    customers: CustomerDirectory
    demo_customers: tuple[tuple[int, str], ...]
    intents: Choice
    workbench: Workbench
    voice: VoiceInput | None
    voice_problem: str
    synthesizer: Synthesizer | None


def build(
    shop_dir: Path,
    progress: ProgressCallback = silent,
    *,
    from_disk: bool = False,
    take_disk: bool = True,
    wish: TrainingWish = NO_WISH,
) -> Shopclerk:
    """Read the shop, prepare what changed (training, embedding, seeding) and wire it all up.

    Args:
        shop_dir: the shop's folder.
        progress: told of every stage.
        from_disk: answer from the knowledge files as they are on disk and publish nothing.
        take_disk: publish what was changed on disk since the last version, where that is safe.
        wish: what a person wants of the training; without one, a start trains what changed and
            takes no worse intent model into use.

    Raises:
        ConfigError, ModelError, KnowledgeError, TrainingDataError: with place and remedy.
    """
    files = read_shop(shop_dir)
    shops_own = load_shop_actions(files.folder)
    endpoint = _endpoint(files.settings)
    check_flows(write_script(files.domain, files.flows, _names(files, shops_own, endpoint)))
    read = read_knowledge(files, from_disk=from_disk)  # the cheap checks first
    tests = shop_intent_tests(files.folder, read.content.entries)
    models = prepare_models(files, tests, progress, wish)
    knowledge = open_knowledge(files, read, models, progress, take_disk=take_disk)
    products = knowledge.live.current.content.products
    desk = prepare_orders(files, products, progress, force=wish.again)
    encode: MicroBatcher[str, Vector] = MicroBatcher(
        lambda texts: list(models.encoder.encode(texts)), name="encode"
    )
    parts = _Parts(
        files,
        Answers(knowledge.live, encode),
        LiveUnderstander(knowledge.live),
        Recommender(lambda: knowledge.live.current.products),
        shops_own,
        endpoint,
    )
    bot = parts.bot(desk)
    settings = files.settings
    voice = open_voice(files)
    return Shopclerk(
        settings=settings,
        shop_dir=files.folder,
        assistant=bot.assistant,
        chat=ChatService(bot.assistant, at_end=endpoint.aclose if endpoint else None),
        runner=bot.runner,
        store=bot.store,
        script=bot.script,
        assemble=lambda engine, more: parts.bot(desk.on(engine), more).talking,
        sessions=Sessions(read_secret(files.state_dir), hours=settings.identity.session_hours),
        customers=desk.orders,
        demo_customers=desk.demo_customers if settings.identity.demo_sign_in else (),
        intents=models.choice,
        workbench=_workbench(files, knowledge, models, bot.store, desk),
        voice=voice.input,
        voice_problem=voice.problem,
        synthesizer=voice.output,
    )


@dataclass(frozen=True)
class _Parts:
    """What a bot is put together from, save its database."""

    files: ShopFiles
    answers: Answers
    understander: LiveUnderstander
    recommender: Recommender
    shops_own: Sequence[Action]
    endpoint: ActionEndpoint | None

    def bot(self, desk: OrderDesk, more: Sequence[Action] = ()) -> Bot:
        """Put a bot together; `more` are actions in place of those of their names."""
        files, dialogue = self.files, self.files.settings.dialogue
        store = ConversationStore(desk.engine)
        own = _actions(files, desk, self.answers, store, self.recommender)
        actions = with_shop_actions(with_shop_actions(own, self.shops_own), more)
        runner = ActionRunner(actions, files.domain, files.words, self.endpoint)
        script = write_script(files.domain, files.flows, runner.names)
        manners = Manners(dialogue.burst_s, dialogue.silence_s or None)
        assistant = Assistant(
            script, self.understander, self.answers, runner, store, manners=manners
        )
        return Bot(assistant, runner, store, script)


def _names(
    files: ShopFiles, shops_own: Sequence[Action], endpoint: ActionEndpoint | None
) -> frozenset[str]:
    """The actions that there will be, known before anything costly is made for them."""
    own = {str(kind.name(None)) for kind in _OWN_ACTIONS}  # none of these names needs an instance
    remote = set(files.domain.actions) - set(files.domain.responses) if endpoint else set()
    return frozenset({*own, *(str(action.name()) for action in shops_own), *remote})


def _endpoint(settings: Settings) -> ActionEndpoint | None:
    """The shop's action server, where shop.toml names one."""
    given = settings.action_endpoint
    if not given.url:
        return None
    return ActionEndpoint(
        EndpointSettings(
            given.url,
            timeout_s=given.timeout_s,
            retries=given.retries,
            max_bytes=int(given.max_mb * 1_000_000),
        )
    )


def _workbench(
    files: ShopFiles,
    knowledge: LiveKnowledge,
    models: Models,
    store: ConversationStore,
    desk: OrderDesk,
) -> Workbench:
    drafts = DraftStore(files.state_dir / "drafts")
    live, publisher = knowledge.live, knowledge.publisher
    editing = Editing(live, drafts, knowledge.parsed, intents=models.intents)
    releases = Releases(
        live, publisher, knowledge.versions, drafts, knowledge.examiner, knowledge.parsed
    )
    gaps = GapDesk(
        store, GapStore(desk.engine), live, editing, knowledge.examiner, models.encoder.encode
    )
    publisher.on_publish(gaps.check_drafted)
    return Workbench(editing, releases, gaps, publisher)


def _actions(
    files: ShopFiles,
    desk: OrderDesk,
    answers: Answers,
    store: ConversationStore,
    recommender: Recommender,
) -> Sequence[Action]:
    currency = files.settings.shop.currency
    orders, risk = desk.orders, desk.risk
    return (
        ActionAnswer(answers),
        ActionOrderStatus(orders, answers),
        ActionOrderHistory(orders, answers),
        ActionRefundStatus(orders, answers),
        ActionCheckCancellation(orders, risk, answers),
        ActionCancelOrder(orders),
        ActionAssessOrderRisk(orders, risk),
        ActionHandover(store, orders, orders, risk),
        ActionRecommendProduct(recommender, currency=currency),
        ActionProductInfo(recommender, answers, currency=currency),
        ActionCompareProducts(recommender),
    )
