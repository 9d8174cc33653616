"""Words that steer a conversation: corrections, questions, "never mind". Data and pure matching.

All tables hold folded text: lower case, half width, simplified Chinese. Only short phrases that
mean one thing stand here; whatever can be said in more ways is the intent model's to learn.
"""

import re
import string
from collections.abc import Iterable, Mapping
from functools import lru_cache

from bot.dialogue import patterns
from nlu.finders.span import fold

REMEMBERED = 4096
"""Short texts, most of them titles of buttons and flows, are folded many times in a turn."""

_READ = 2000
"""Characters read for cues; what steers a conversation stands at the start of a message."""

_WHOLE = 120
"""Characters of the longest message that can be one of the phrases, politeness included."""

AROUND = string.punctuation + string.whitespace + "。，、！？…·～“”‘’「」《》\ufe0f"
DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")  # yesss, nooo, 嗯嗯嗯

_POLITE = re.compile(
    r"^(?:(?:please|pls|plz|ok(?:ay)?|well|um+|uh+|hm+|oh|sorry)\b[\s,.!]*|请|那就|那|哦|呃|额|麻烦)+(?=.)"
    r"|[\s,.!]*\b(?:please|pls|plz|thanks|thank you|thx|then|now|for now)$"
    r"|[\s,，。]*(?:谢谢你?|多谢|吧|啊|呀|哦|啦|嘛|呢)+$"
)


def phrases(*lines: str) -> frozenset[str]:
    """A table of phrases, parted by bars."""
    return frozenset(phrase for line in lines for phrase in line.split(" | "))


_CONTROL: Mapping[str, frozenset[str]] = {
    patterns.CANCEL: phrases(
        "never mind | nevermind | nvm | forget it | forget about it | forget that | stop | quit",
        "abort | exit | leave it | drop it | scrap that | stop it | stop this | stop that",
        "actually never mind | let's leave it | lets leave it | stop everything",
        "算了 | 算了算了 | 不办了 | 不弄了 | 不搞了 | 别弄了 | 当我没说 | 停 | 停下 | 停止 | 退出",
        "不想弄了 | 不继续了 | 还是算了 | 那算了",
    ),
    patterns.SKIP: phrases(
        "skip | skip it | skip this | skip that | skip this one | skip this question | pass | next",
        "skip the question | skip that one | skip that question | next question",
        "i'd rather not say | i would rather not say",
        "rather not say | prefer not to say | i prefer not to say | can i skip this",
        "跳过 | 跳过这个 | 跳过这题 | 跳过这个问题 | 跳过此题 | 略过 | 不想说 | 不想回答",
        "不方便说 | 下一个 | 下一个问题 | 下一题 | 不说了 | 不告诉你 | 先不填 | 不填 | 不想填",
    ),
    patterns.REPEAT: phrases(
        "repeat | repeat that | say that again | say it again | come again | again | pardon",
        "can you repeat that | could you repeat that | what did you say",
        "再说一遍 | 再说一次 | 重复一遍 | 重复一下 | 你说什么 | 没听清 | 没看清",
    ),
    patterns.RESTART: phrases(
        "restart | start over | start again | begin again | start from scratch | reset",
        "let's start over | lets start over | let's start again",
        "重新开始 | 重来 | 从头开始 | 从头来 | 重新来 | 重新来过",
    ),
    patterns.HUMAN_HANDOFF: phrases(
        "agent | human | a human | real person | a real person | live agent | a person | operator",
        "talk to a human | talk to a person | talk to an agent | speak to a human",
        "speak to a person | speak to an agent | human agent | representative | customer service",
        "人工 | 转人工 | 转人工客服 | 人工客服 | 人工服务 | 找人工 | 真人 | 真人客服 | 我要人工",
        "要人工 | 找客服 | 叫客服 | 换人工",
    ),
}

_TWO = 2
_FEW_WORDS = 4
"""Words beside a set phrase that is a clause of its own."""

_CLAUSES = re.compile(r"[,，.。!！;；、~～…]+\s*|(?<=[㐀-鿿])\s+(?=[㐀-鿿])")
_MAY_WE = re.compile(
    r"^(?:(?:can|could|may) (?:i|we)|let's|lets) |^(?:可以|能不能|能|我想|我要)(?=.)|[吗么]$"
)
_LEAVES = phrases(
    "cancel | cancel this | cancel that | cancel everything | stop everything | get me out",
    "取消 | 取消了 | 不要了 | 全部取消",
)
_SKIPS = phrases("skip | skip it | skip this | skip that | 跳过 | 跳过这个 | 略过")
_DROPS = (
    r"(?:forget|drop|scrap|leave|stop|end|quit) (?:about )?(?:the |my |this |that )?(?:{0})\b"
    r"|\bno (?:more )?(?:{0})\b|(?:算了|取消|撤销|放弃|停止)(?:了|这个|我的)?(?:{0})"
)
_NOTHING = phrases(
    "no | nope | nah | none | nothing | nothing really | nothing else | no idea | n/a | na",
    "not sure | i don't know | i dont know | don't know | dont know | idk | dunno | no clue",
    "no wish | not really | no thanks | no thank you | nothing special | nothing in particular",
    "没有 | 无 | 没啥 | 没 | 没什么 | 没有了 | 没了 | 不知道 | 不清楚 | 随便 | 都行 | 没想法",
    "没想好 | 不用 | 不用了 | 没有要求 | 没要求 | 暂无 | 暂时没有 | 没有什么 | 没有特别的 | 没意见",
)
_RHETORICAL = re.compile(
    r"就这|难道|凭什么|怎么这么|什么态度|什么意思|什么玩意|管不管|有人吗|还.{0,12}[吗么]|到底|居然|竟然"
    r"|有没有搞错|我(?:说|买|打|等|收|花|已|都|刚|才|找|问|下单|在你)|[。！!，,].*[，,。！!].*\S"
    r"|\b(?:how dare|seriously|are you kidding|is this a joke|what kind of|what the|how can you"
    r"|how on earth|why on earth|who does that|unacceptable|ridiculous)\b"
    r"|(?:^|[.,;!] ?|\b(?:and|because|since|but|so|that) )(?:i(?:'ve|'m| have| had| was| am| paid"
    r"| bought| ordered| waited| called| wrote| got)|my \w+ (?:is|was|has|broke))\b"
)
_REQUESTS = re.compile(
    r"(?:(?:and|so|well|hm+),? )?(?:can|could|would) (?:you|i|we) (?:please )?(?:get|have|give"
    r"|send|refund|replace|exchange|return|pay|apolog|fix|repair|just|at least|resend|make)"
    r"|(?:我|你们|您|请问|就)*(?:能不能|能否|可不可以|可以|可否|能)(?!几|多)(?!.*[哪谁几多怎什])"
)

_AMENDS = re.compile(
    r"\b(?:i meant|i mean|i said|meant to (?:say|write|type|put)|make (?:that|it)|actually"
    r"|my mistake|my bad|should (?:be|have been|say|read)|instead|rather than|typo|mistyped"
    r"|(?:change|switch|correct|update) (?:that|it|this|the|my)\b.{0,40}?\bto\b"
    r"|(?:that's|that is|that was|was|is) (?:wrong|incorrect)|wrong (?:number|one)"
    r"|misspoke|mixed up|correction|by mistake|not\b.{1,40}?\bbut)\b"
    r"|^(?:hmm*,? )?rather\b|说错|我是说|我说的是|我的意思是|应该是|应为|改成|改为|换成|打错|写错"
    r"|输错|弄错|搞错|记错|填错|选错|点错|错了|更正|纠正|其实是|而是"
    r"|^(?:no|nope|nah)\b[\s,.!]*(?:it'?s|that'?s|it was|about|wait|change)\b"
    r"|^(?:不对|不是的?|不)[\s,，。]*(?:是|应该|我说|改|换)"
)
_TAKES_BACK = re.compile(
    r"^(?:no|nope|nah|wait|sorry|oops|whoops|hang on|hold on|hmm,? no)\b(?=.*\w)"
    r"|不对|(?<!是)不是|^不[\s,，。]|^(?:抱歉|不好意思|对不起)|^(?:等等|等一下|哦不)"
)
_ASKS_AFTER = re.compile(
    r"\b(?:oh|ah|then|tell me|(?:what|how) about|about|show me|look up|check|try|again)\b"
    r"|看看|查查|查一?下|那|呢|再|帮我"
)
_IS_ABOUT = re.compile(
    r"^(?:(?:it|this|that)(?:'?s| is| was)? |mainly |mostly )?(?:about|regarding|concerning)\b"
    r"|^(?:是|关于)|方?面?的?问题$"
)
_RENAMES = (
    r"(?:(?:no|sorry|actually|please|wait|can you|could you)[\s,]+){{0,3}}"
    r"(?:change|set|correct|update|make) (?:the|my) (?:{0})(?: from [^.,]{{1,40}})? "
    r"(?:to|into)[:\s]+"
    r"(?P<value>\S.{{0,100}})"
)
_GOES_BACK = re.compile(
    r"(?:(?:ah|oh|oops|sorry|wait|no|hmm*|please)[\s,.!]+){0,3}(?:go back|back up|undo(?: that)?"
    r"|(?:i )?(?:picked|chose|clicked|pressed|took) (?:on )?(?:the )?wrong (?:one|button|thing)"
    r"|wrong (?:one|button|number|order)|(?:let me|can i|i want to) (?:change|correct|redo) "
    r"(?:the|that|my|it)(?: \w+){0,2})"
    r"|(?:不好意思|抱歉|等等|哎呀?)?[\s,，]*(?:我|刚才|刚刚)*(?:选错|点错|按错|填错|返回|上一步)了?"
)

_ASKS = re.compile(
    r"[?？]\s*$"
    r"|^(?:(?:and|but|so|ok|okay|wait|hi|hello|sorry)\b[\s,]*)*(?:"
    r"(?:what|when|where|which|who|whose|why|how)(?:'s|'re|s)?\b"
    r"|do (?:i|you|we|they|your|any)\b"
    r"|(?:can|could|does|did|is|are|was|were|will|would|may|should|has|have) "
    r"(?:i|you|we|they|he|she|it|this|that|there|the|my|your|our|a|any|anyone|somebody)\b)"
    r"|吗|呢$|怎么|怎样|如何|多少|多久|多长|什么|为啥|哪|几时|几天|是否|能不能|可不可以|会不会"
    r"|有没有|是不是|要不要|行不行|可以.{0,12}么"
)

_DENIED_LATIN = (
    r"(?:\bnot|n't|\binstead of|\brather than|\b(?:change|switch)\b[^.,;]{{0,30}}\bfrom)\s+"
    r"(?:(?:the|my|a|an|in|for|to|about|order|number|no\.?|nr\.?|size)\s+){{0,3}}[#\"']?{value}"
    r"(?![^\W㐀-鿿])|(?<!\w){value} (?:is|was) (?:wrong|incorrect|not right)\b"
)
_DENIED_HAN = (
    r"(?:(?<!是)不是|不要|别|而非)(?:(?:这个|那个|我的|订单|单|编?号|在|去|到)\s?){{0,3}}\s?{value}"
    r"(?!\w?[吗么])|(?:把|将|从)[^，。,]{{0,8}}{value}[^，。,]{{0,6}}(?:改|换)"
)

_FILLERS = frozenset(
    "it it's its is was the my a an i i'm im me this that that's thats order number no nr id code "
    "for of to in on at and by yes ok okay please pls thanks um uh er well so sorry actually wait "
    "think believe guess mean meant want would like one here hi hello nope yeah yep yup sure right "
    "correct nah not but be should make instead".split()
)
_HAN_FILLERS = frozenset("我的是要想了吧呢啊哦嗯呃请就那这个号订单编码它为在到和不对说应该而改成错")
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?|\d+")
_HAN = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=REMEMBERED)
def folded(text: str) -> str:
    """Return the start of the text, folded character for character: offsets keep their meaning."""
    return fold(text[:_READ])


@lru_cache(maxsize=REMEMBERED)
def plain(text: str) -> str:
    """Return the bare words of folded text: no politeness, punctuation or drawn-out letters."""
    words = text.strip(AROUND)
    if len(words) > _WHOLE:
        return words
    words = DRAWN_OUT.sub(r"\1", re.sub(r"\s+", " ", words))
    before = None
    while words != before:
        before = words
        words = _POLITE.sub("", words).strip(AROUND) or words
    return words.replace(",", "").replace("，", "").replace("  ", " ")


def control(text: str) -> str | None:
    """Return the pattern that a folded message asks for, as "never mind" or 跳过 does.

    The phrase is all of it, or a clause of its own beside few words: "no idea, skip".
    """
    whole = _control(plain(text))
    if whole is not None or len(text) > _WHOLE:
        return whole
    said = clauses(text)
    if len(said) != _TWO:
        return None
    first, last = (_control(plain(clause)) for clause in said)
    if first == patterns.CANCEL and leftover(said[1]) <= _FEW_WORDS:
        return first
    ends = last in (patterns.SKIP, patterns.HUMAN_HANDOFF) and leftover(said[0]) <= _FEW_WORDS
    return last if ends else None


def clauses(text: str) -> list[str]:
    """Return what stands between stops and commas, and between blanks in Chinese."""
    return [clause for clause in _CLAUSES.split(text.strip(AROUND)) if clause.strip()]


def _control(words: str) -> str | None:
    words = _MAY_WE.sub("", words)
    return next((pattern for pattern, said in _CONTROL.items() if words in said), None)


def leaves(text: str) -> bool:
    """Tell whether a whole folded message is "cancel": to leave, unless that is what is asked."""
    return plain(text) in _LEAVES


def skips(text: str) -> bool:
    """Tell whether a whole folded message is "skip", which cannot mean much else."""
    return plain(text) in _SKIPS


def drops(text: str, names: Iterable[str]) -> bool:
    """Tell whether folded text drops what has one of these names: "forget the complaint"."""
    said = "|".join(re.escape(name) for name in sorted(names))
    return bool(said) and re.search(_DROPS.format(said), text) is not None


def nothing(text: str) -> bool:
    """Tell whether a whole folded message says that there is nothing to say: "no idea", 没有."""
    return plain(text) in _NOTHING


def rhetorical(text: str) -> bool:
    """Tell whether folded text only looks like a question: an outcry, or a story with one."""
    return _RHETORICAL.search(text) is not None


def requests(text: str) -> bool:
    """Tell whether folded text puts a wish as a question: "can I get a refund?", 能不能退钱."""
    return _REQUESTS.match(text.strip(AROUND)) is not None


def correcting(text: str) -> bool:
    """Tell whether folded text takes back what was said before: "no, I meant …", 说错了."""
    words = text.strip(AROUND)
    return bool(_TAKES_BACK.search(words) or _AMENDS.search(words))


def amends(text: str) -> bool:
    """Tell whether folded text is a correction more surely than a plain no is."""
    return _AMENDS.search(text.strip(AROUND)) is not None


def names_slot(text: str, slot: str) -> bool:
    """Tell whether folded text speaks of a slot by its name: "the topic is service"."""
    parts = "|".join(re.escape(part) for part in slot.split("_"))
    return re.search(rf"\b(?:the|my) (?:{parts}) (?:is|was|should be|to)\b", text) is not None


def is_about(text: str) -> bool:
    """Tell whether folded text says what something is about: "it's about delivery", 物流的问题."""
    return _IS_ABOUT.search(text.strip(AROUND)) is not None and not question_like(text)


def asks_after(text: str) -> bool:
    """Tell whether folded text, its values taken out, asks no more than for them: "and 9200?"."""
    return leftover(_ASKS_AFTER.sub(" ", text)) == 0


def renamed(text: str, slot: str) -> tuple[int, int] | None:
    """Where folded text has the new value in "change my wish to a refund"; offsets."""
    parts = "|".join(re.escape(part) for part in slot.split("_"))
    found = re.match(_RENAMES.format(parts), text.strip(AROUND)[:_WHOLE])
    start = text.find(found["value"]) if found else -1
    return (start, start + len(found["value"])) if found and start >= 0 else None


def goes_back(text: str) -> bool:
    """Tell whether a whole folded message takes something back without saying what is right."""
    return _GOES_BACK.fullmatch(text.strip(AROUND)[:_WHOLE]) is not None


def question_like(text: str) -> bool:
    """Tell whether folded text looks like a question."""
    return _ASKS.search(text.strip()) is not None


def denies(text: str, value: str) -> bool:
    """Tell whether folded text sets this value aside: "not 4471 but …", 不是4471."""
    if not value or len(value) > 100 or value not in text:
        return False
    sought = {"value": re.escape(value)}
    return any(
        re.search(pattern.format(**sought), text) for pattern in (_DENIED_LATIN, _DENIED_HAN)
    )


def leftover(text: str) -> int:
    """Count the words of folded text that carry a meaning of their own; two characters are one."""
    words = [w for w in _WORD.findall(_HAN.sub(" ", text)) if w not in _FILLERS]
    characters = [c for c in _HAN.findall(text) if c not in _HAN_FILLERS]
    return len(words) + len(characters) // 2
