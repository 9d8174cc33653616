"""Words that steer a conversation: yes and no, corrections, "never mind". Data and pure matching.

All tables hold folded text: lower case, half width, simplified Chinese. Only short phrases that
mean one thing stand here; whatever can be said in more ways is the intent model's to learn.
"""

import re
import string
from collections.abc import Mapping

from bot.dialogue import patterns
from nlu.finders.span import fold

_READ = 2000
"""Characters read for cues; what steers a conversation stands at the start of a message."""

_WHOLE = 120
"""Characters of the longest message that can be one of the phrases, politeness included."""

_AROUND = string.punctuation + string.whitespace + "。，、！？…·～“”‘’「」《》\ufe0f"
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")  # yesss, nooo, 嗯嗯嗯

_POLITE = re.compile(
    r"^(?:(?:please|pls|plz|ok(?:ay)?|well|um+|uh+|hm+|oh|sorry)\b[\s,.!]*|请|那就|那|哦|呃|额|麻烦)+(?=.)"
    r"|[\s,.!]*\b(?:please|pls|plz|thanks|thank you|thx|then|now|for now)$"
    r"|[\s,，。]*(?:谢谢你?|多谢|吧|啊|呀|哦|啦|嘛|呢)+$"
)


def _phrases(*lines: str) -> frozenset[str]:
    return frozenset(phrase for line in lines for phrase in line.split(" | "))


_CONTROL: Mapping[str, frozenset[str]] = {
    patterns.CANCEL: _phrases(
        "never mind | nevermind | nvm | forget it | forget about it | forget that | stop | quit",
        "abort | exit | leave it | drop it | scrap that | stop it | stop this | stop that",
        "actually never mind | let's leave it | lets leave it",
        "算了 | 算了算了 | 不办了 | 不弄了 | 不搞了 | 别弄了 | 当我没说 | 停 | 停下 | 停止 | 退出",
        "不想弄了 | 不继续了 | 还是算了 | 那算了",
    ),
    patterns.SKIP: _phrases(
        "skip | skip it | skip this | skip that | skip this one | skip this question | pass | next",
        "skip the question | next question | i'd rather not say | i would rather not say",
        "rather not say | prefer not to say | i prefer not to say | can i skip this",
        "跳过 | 跳过这个 | 跳过这题 | 跳过这个问题 | 跳过此题 | 略过 | 不想说 | 不想回答",
        "不方便说 | 下一个 | 下一个问题 | 下一题 | 不说了 | 不告诉你 | 先不填 | 不填 | 不想填",
    ),
    patterns.REPEAT: _phrases(
        "repeat | repeat that | say that again | say it again | come again | again | pardon",
        "can you repeat that | could you repeat that | what did you say",
        "再说一遍 | 再说一次 | 重复一遍 | 重复一下 | 你说什么 | 没听清 | 没看清",
    ),
    patterns.RESTART: _phrases(
        "restart | start over | start again | begin again | start from scratch | reset",
        "let's start over | lets start over | let's start again",
        "重新开始 | 重来 | 从头开始 | 从头来 | 重新来 | 重新来过",
    ),
    patterns.HUMAN_HANDOFF: _phrases(
        "agent | human | a human | real person | a real person | live agent | a person | operator",
        "talk to a human | talk to a person | talk to an agent | speak to a human",
        "speak to a person | speak to an agent | human agent | representative | customer service",
        "人工 | 转人工 | 转人工客服 | 人工客服 | 人工服务 | 找人工 | 真人 | 真人客服 | 我要人工",
        "要人工 | 找客服 | 叫客服 | 换人工",
    ),
}

_YES = _phrases(
    "yes | y | yeah | yea | yep | yup | yess | ya | yah | sure | sure thing | ok | okay | k | kk",
    "of course | correct | right | exactly | go ahead | do it | do that | absolutely | definitely",
    "certainly | confirm | confirmed | i confirm | that's right | thats right | that is right",
    "that's correct | that is correct | yes it is | it is | yes i do | i do | yes i am",
    "alright | all right | fine | sounds good | uh huh | indeed | yes of course | yes sure",
    "okay then | ok then | yes yes | yes do it | yes go ahead | sure go ahead",
    "yes that's right | yes correct",
    "是 | 是的 | 对 | 对的 | 好 | 好的 | 行 | 行的 | 可以 | 可以的 | 嗯 | 嗯嗯 | 没错 | 没问题",
    "确定 | 确认 | 当然 | 当然可以 | 同意 | 要 | 要的 | 需要 | 对对 | 是是 | 嗯好 | 嗯好的",
    "嗯是的 | 嗯对 | 好好 | ok的 | 是这样 | 对没错 | 是的没错 | 好的可以 | 👍 | ✅ | 👌",
)
_NO = _phrases(
    "no | n | nope | nah | naw | no no | no thank you | no thanks | not really | don't | dont",
    "do not | not now | never | no way | please don't | please do not | i don't | i do not",
    "it isn't | it's not | it is not | no it isn't | no it's not | i'd rather not | rather not",
    "definitely not | of course not | absolutely not | certainly not | not at all | not today",
    "no don't | no i don't | no it is not",
    "不 | 不是 | 不是的 | 不对 | 不行 | 不可以 | 不要 | 不要了 | 不用 | 不用了 | 不必 | 不必了",
    "不需要 | 不需要了 | 没有 | 别 | 不了 | 不好 | 否 | 不同意 | 先不 | 先不用 | 先不要 | 不不",
    "不了谢谢 | 不用谢谢 | 不用了谢谢 | 👎 | ❌",
)

_LEADS_YES = re.compile(
    r"(?:yes|yeah|yep|yup|sure|ok|okay|right|correct|of course)\b(?=[\s,.!;:-]+\w)"
    r"|(?:是的?|对的?|好的?|可以|行|嗯+|没错|确认)(?=[\s,，、。!;:]+\w)"
)
_LEADS_NO = re.compile(
    r"(?:no|nope|nah|don't|dont|do not)\b(?=[\s,.!;:-]+\w)"
    r"|(?:不是?|不用了?|不要了?|不对|不行|别)(?=[\s,，、。!;:]+\w)|(?:别|不要)(?!的)(?=\w)"
)
_TURNS = re.compile(
    r"\b(?:but|wait|actually|no|not|don't|dont|however|except|unless|instead|first)\b"
    r"|但|不|别|等|先|改"
)

_CORRECTS = re.compile(
    r"^(?:no|nope|nah|wait|sorry|oops|whoops|hang on|hold on|hmm,? no)\b(?=.*\w)"
    r"|\b(?:i meant|i mean|meant to (?:say|write|type|put)|make (?:that|it)|actually|my mistake"
    r"|my bad|(?:change|switch|correct|update) (?:that|it|this|the|my)\b.{0,40}?\bto\b"
    r"|should (?:be|have been|say|read)|instead|rather than|typo|mistyped|misspoke|mixed up"
    r"|(?:that's|that is|that was|was|is) (?:wrong|incorrect)|wrong (?:number|one)"
    r"|correction|by mistake|not\b.{1,40}?\bbut)\b"
    r"|不对|(?<!是)不是|说错|我是说|我说的是|我的意思是|应该是|应为|改成|改为|换成|打错|写错|输错"
    r"|弄错|搞错|记错|填错|错了|更正|纠正|其实是|而是|^不[\s,，。]|^(?:抱歉|不好意思|对不起)"
    r"|^(?:等等|等一下|哦不)"
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
    r"(?:(?:the|my|a|an|in|for|to|order|number|no\.?|nr\.?|size)\s+){{0,3}}[#\"']?{value}(?!\w)"
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


def folded(text: str) -> str:
    """Return the start of the text, folded character for character: offsets keep their meaning."""
    return fold(text[:_READ])


def plain(text: str) -> str:
    """Return the bare words of folded text: no politeness, punctuation or drawn-out letters."""
    words = text.strip(_AROUND)
    if len(words) > _WHOLE:
        return words
    words = _DRAWN_OUT.sub(r"\1", re.sub(r"\s+", " ", words))
    before = None
    while words != before:
        before = words
        words = _POLITE.sub("", words).strip(_AROUND) or words
    return words.replace(",", "").replace("，", "").replace("  ", " ")


def control(text: str) -> str | None:
    """Return the pattern that a whole folded message asks for, as "never mind" or 跳过 does."""
    words = plain(text)
    return next((pattern for pattern, said in _CONTROL.items() if words in said), None)


def polarity(text: str) -> bool | None:
    """Return what a folded message means that is a plain yes or no and nothing else."""
    if question_like(text):
        return None
    whole = text.strip(_AROUND)[: _WHOLE + 1]
    for words in (_DRAWN_OUT.sub(r"\1", whole).replace(",", ""), plain(text)):
        if words in _YES or words in _NO:
            return words in _YES
    return None


def leading(text: str) -> bool | None:
    """Return the yes or no that a folded message begins with and does not take back."""
    words = text.lstrip(_AROUND)
    if _LEADS_NO.match(words):
        return False
    yes = _LEADS_YES.match(words)
    return True if yes and not _TURNS.search(words, yes.end()) else None


def correcting(text: str) -> bool:
    """Tell whether folded text takes back what was said before: "no, I meant …", 说错了."""
    return _CORRECTS.search(text.strip(_AROUND)) is not None


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
