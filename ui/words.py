"""The page's own words in both languages. What the bot says comes from the shop's files."""

from dataclasses import asdict, dataclass

from bot.settings import ShopSettings

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Words:
    """One language. Braces are filled by the page."""

    hello: str
    hello_name: str
    help: str
    online: str
    sign_in: str
    sign_out: str
    sign_in_title: str
    sign_in_note: str
    who: str
    cancel: str
    signed_in: str
    ask_again: str
    fresh: str
    speak: str
    menu: str
    close: str
    person: str
    placeholder: str
    message: str
    send: str
    record: str
    stop: str
    file: str
    typing: str
    listening: str
    you: str
    bot: str
    log: str
    suggestions: str
    choices: str
    products: str
    sources: str
    source: str
    details: str
    was: str
    useful: str
    useless: str
    why: str
    reasons: tuple[tuple[str, str], ...]
    thanks: str
    fine_print: str
    lost: str
    retry: str
    slow: str
    not_yours: str
    no_microphone: str
    no_voice: str
    no_words: str
    too_long: str
    too_big: str
    failed: str
    chat: str
    open_chat: str
    news: str
    no_script: str


EN = Words(
    hello="Hello, good to see you.",
    hello_name="Hello {name}, good to see you.",
    help="I'm {shop}'s assistant. Ask me about delivery, returns and payment, let me find "
         "something for you, or sign in and ask about your orders.",
    online="Assistant",
    sign_in="Sign in",
    sign_out="Sign out",
    sign_in_title="Sign in",
    sign_in_note="This is a demo shop: pick any of its customers. A real shop uses its own "
                 "sign-in here.",
    who="Customer",
    cancel="Cancel",
    signed_in="You're signed in as {name}.",
    ask_again="Shall I look at your question again?",
    fresh="New conversation",
    speak="Read replies aloud",
    menu="More",
    close="Close chat",
    person="Talk to a person",
    placeholder="Write a message …",
    message="Your message",
    send="Send",
    record="Speak your message",
    stop="Stop and send the recording",
    file="Send an audio file",
    typing="{shop} is writing",
    listening="Listening to your recording …",
    you="You",
    bot="Assistant",
    log="Conversation",
    suggestions="Suggested questions",
    choices="Choices",
    products="Results",
    sources="Sources",
    source="Source",
    details="Details",
    was="before",
    useful="This helped",
    useless="This didn't help",
    why="What was wrong?",
    reasons=(("wrong", "Not correct"), ("off-topic", "Not what I asked"),
             ("unclear", "Hard to understand"), ("incomplete", "Something is missing")),
    thanks="Thank you, noted.",
    fine_print="Automated assistant · people on request",
    lost="The connection to the shop is interrupted. Your message is kept; I'm trying again.",
    retry="Try again now",
    slow="This is taking longer than usual …",
    not_yours="That conversation belongs to another sign-in, so this is a new one.",
    no_microphone="The microphone can't be used here. Please allow it in the browser, send an "
                  "audio file, or type.",
    no_voice="You can't speak to me here yet; typing works.\n({problem})",
    no_words="I couldn't hear any words in that recording. Please try again a little closer to "
             "the microphone.",
    too_long="That message has {count} characters; I can read up to {limit}. Could you shorten it?",
    too_big="That file is larger than {limit} MB. Please send a shorter recording.",
    failed="Something went wrong with that. Please try again.",
    chat="{shop} chat",
    open_chat="Ask {shop}",
    news="A new message from {shop}",
    no_script="The chat needs JavaScript. You can also reach us here: {phone} {email}",
)

ZH = Words(
    hello="您好，很高兴见到您。",
    hello_name="{name}，您好，很高兴见到您。",
    help="我是{shop}的智能客服。配送、退换、支付都可以问我，我也能帮您挑选商品；"
         "登录后还可以查询您的订单。",
    online="智能客服",
    sign_in="登录",
    sign_out="退出登录",
    sign_in_title="登录",
    sign_in_note="这是演示店铺：可任选一位顾客。真实店铺会使用自己的登录方式。",
    who="顾客",
    cancel="取消",
    signed_in="您已登录：{name}。",
    ask_again="要我再看一下您的问题吗？",
    fresh="新对话",
    speak="朗读回复",
    menu="更多",
    close="关闭对话",
    person="转人工客服",
    placeholder="请输入您的问题……",
    message="您的消息",
    send="发送",
    record="语音输入",
    stop="停止并发送录音",
    file="发送音频文件",
    typing="{shop}正在输入",
    listening="正在听您的录音……",
    you="您",
    bot="客服",
    log="对话",
    suggestions="常见问题",
    choices="可选回复",
    products="结果",
    sources="来源",
    source="来源",
    details="商品详情",
    was="原价",
    useful="有帮助",
    useless="没有帮助",
    why="哪里不对？",
    reasons=(("wrong", "内容不正确"), ("off-topic", "答非所问"),
             ("unclear", "看不明白"), ("incomplete", "不完整")),
    thanks="谢谢，已记录。",
    fine_print="智能客服自动回复 · 随时可转人工",
    lost="与店铺的连接中断了。您的消息已保留，正在重试。",
    retry="立即重试",
    slow="这次需要的时间比平时长……",
    not_yours="那段对话属于另一个登录身份，已为您开始新的对话。",
    no_microphone="无法使用麦克风。请在浏览器中允许使用，或发送音频文件，也可以直接打字。",
    no_voice="这里暂时不能使用语音，请打字。\n（{problem}）",
    no_words="录音里没有听到说话声，请靠近麦克风再试一次。",
    too_long="这条消息有 {count} 个字符，最多只能读 {limit} 个，请缩短一些。",
    too_big="文件超过 {limit} MB，请发送短一点的录音。",
    failed="出了点问题，请再试一次。",
    chat="{shop}在线客服",
    open_chat="咨询{shop}",
    news="{shop}发来新消息",
    no_script="在线客服需要启用 JavaScript。您也可以这样联系我们：{phone} {email}",
)


def words_of(language: str) -> Words:
    """The page's words; English for a language it does not speak."""
    return ZH if language == "zh" else EN


def for_script(words: Words) -> dict[str, object]:
    """The words that the page's script needs."""
    every = asdict(words)
    return {name: every[name] for name in (
        "typing", "listening", "lost", "retry", "slow", "no_microphone", "too_big", "thanks",
        "record", "stop", "failed", "you")}


def shop_name(shop: ShopSettings, language: str) -> str:
    """The shop's name in a language."""
    return shop.name_zh or shop.name if language == "zh" else shop.name


def tagline(shop: ShopSettings, language: str) -> str:
    """The shop's line under its name."""
    return shop.tagline_zh or shop.tagline if language == "zh" else shop.tagline


def suggestions(shop: ShopSettings, language: str) -> tuple[str, ...]:
    """The questions to start with."""
    return shop.suggestions_zh or shop.suggestions if language == "zh" else shop.suggestions
