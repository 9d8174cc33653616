"""The composition root: the only place that builds the parts and hands them to each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rasa_sdk import Action

from bot.actions.answer import ActionAnswer
from bot.actions.cancel_order import ActionCancelOrder, ActionCheckCancellation
from bot.actions.handover import ActionHandover
from bot.actions.order_risk import ActionAssessOrderRisk
from bot.actions.order_status import ActionOrderHistory, ActionOrderStatus, ActionRefundStatus
from bot.actions.product_info import ActionCompareProducts, ActionProductInfo
from bot.actions.recommend import ActionRecommendProduct
from bot.actions.runner import ActionRunner
from bot.answers import Answers, Vector
from bot.assistant import Assistant, Shop
from bot.batching import MicroBatcher
from bot.dialogue.interpret import Thresholds
from bot.orders.order import CustomerDirectory
from bot.preparation import Prepared, prepare
from bot.progress import ProgressCallback, silent
from bot.recommend.recommender import Recommender
from bot.server.sessions import Sessions, read_secret
from bot.settings import Settings
from bot.shop import ShopFiles, read_shop
from bot.storage.conversations import ConversationStore
from bot.voice import open_voice
from nlu.understanding import Understanding
from speech.pipeline import VoiceInput
from speech.transcript import Synthesizer


@dataclass(frozen=True)
class Shopclerk:
    """Everything that the pages, the service and the command need."""

    settings: Settings
    shop_dir: Path
    assistant: Assistant
    runner: ActionRunner
    store: ConversationStore
    sessions: Sessions
    customers: CustomerDirectory
    demo_customers: tuple[tuple[int, str], ...]
    voice: VoiceInput | None
    voice_problem: str
    synthesizer: Synthesizer | None


class _Understander:
    """The intent classifier behind a batcher."""

    def __init__(self, batcher: MicroBatcher[str, Understanding]) -> None:
        self._batcher = batcher

    async def understand(self, text: str) -> Understanding:
        return await self._batcher(text)


def build(shop_dir: Path, progress: ProgressCallback = silent) -> Shopclerk:
    """Read the shop, prepare what changed (training, embedding, seeding) and wire it all up.

    Raises:
        ConfigError, ModelError, KnowledgeError, TrainingDataError: with place and remedy.
    """
    files = read_shop(shop_dir)
    ready = prepare(files, progress)
    store = ConversationStore(ready.engine)
    encode: MicroBatcher[str, Vector] = MicroBatcher(
        lambda texts: list(ready.encoder.encode(texts)), name="encode"
    )
    answers = Answers(ready.index, encode)
    thresholds = _thresholds(files, ready)
    actions = _actions(files, ready, answers, store, thresholds)
    runner = ActionRunner(actions, files.domain, files.words)
    runner.check(sorted(files.flows.named))
    settings = files.settings
    assistant = Assistant(
        Shop(files.domain, files.flows, thresholds),
        _Understander(MicroBatcher(ready.classifier.understand_batch, name="understand")),
        answers,
        runner,
        store,
    )
    voice = open_voice(files)
    return Shopclerk(
        settings=settings,
        shop_dir=files.folder,
        assistant=assistant,
        runner=runner,
        store=store,
        sessions=Sessions(read_secret(files.state_dir), hours=settings.identity.session_hours),
        customers=ready.orders,
        demo_customers=ready.demo_customers if settings.identity.demo_sign_in else (),
        voice=voice.input,
        voice_problem=voice.problem,
        synthesizer=voice.output,
    )


def _thresholds(files: ShopFiles, ready: Prepared) -> Thresholds:
    dialogue = files.settings.dialogue
    answer = {
        code: ready.index.model.threshold(code, informed=True) for code in ready.index.languages
    }
    return Thresholds(
        dialogue.intent_threshold, dialogue.supported_threshold, answer, dialogue.clarify_threshold
    )


def _actions(
    files: ShopFiles,
    ready: Prepared,
    answers: Answers,
    store: ConversationStore,
    thresholds: Thresholds,
) -> Sequence[Action]:
    currency = files.settings.shop.currency
    orders = ready.orders
    risk = ready.risk
    recommender = Recommender(ready.products)
    return (
        ActionAnswer(answers, thresholds),
        ActionOrderStatus(orders, answers),
        ActionOrderHistory(orders, answers),
        ActionRefundStatus(orders, answers),
        ActionCheckCancellation(orders, risk, answers),
        ActionCancelOrder(orders),
        ActionAssessOrderRisk(orders, risk),
        ActionHandover(store, orders, orders, risk),
        ActionRecommendProduct(recommender, currency=currency),
        ActionProductInfo(recommender, answers, thresholds, currency=currency),
        ActionCompareProducts(recommender),
    )
