"""A yes or no in plain words. Data and pure matching.

A yes may cancel an order, so it is read from a closed vocabulary: everything that is said must be
a yes, the deed that the question is about, or courtesy. A no may be said in more ways. What is
neither is unclear, and the question is asked again.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.dialogue.cues import (
    AROUND,
    DRAWN_OUT,
    REMEMBERED,
    amends,
    leftover,
    phrases,
    plain,
    question_like,
)

_LONGEST = 120
"""Characters of the longest message that can be a yes."""

_PHRASE = 6
"""Words, or Chinese characters, of the longest phrase in the tables."""

_STEMMED = 6

_FEW_WORDS = 4
"""More words than these beside "keep" tell of something else than the choice."""

_YES = phrases(
    "yes | y | yeah | yea | yep | yup | yess | ya | yah | sure | sure thing | ok | okay | k | kk",
    "of course | correct | right | exactly | go ahead | do it | do that | absolutely | definitely",
    "certainly | confirm | confirmed | i confirm | that's right | thats right | that is right",
    "that's correct | that is correct | yes it is | it is | yes i do | i do | yes i am | i'm sure",
    "alright | all right | fine | sounds good | uh huh | indeed | i am sure | im sure | do | do so",
    "okay then | ok then | that's fine | thats fine | go for it | proceed | by all means | mhm",
    "i said yes | hell yes | heck yes | please do | go on | i agree | agreed",
    "yes i want to | yes that's right | yes correct",
    "是 | 是的 | 对 | 对的 | 好 | 好的 | 行 | 行的 | 可以 | 可以的 | 嗯 | 没错 | 没问题 | 好吧",
    "确定 | 确认 | 当然 | 当然可以 | 同意 | 要 | 要的 | 需要 | ok的 | 是这样 | 我确定 | 我确认",
    "行吧 | 我同意 | 好嘞 | 好咧 | 得嘞 | 好滴 | 好哒 | 中 | 成 | 成吧 | 必须的 | 肯定",
    "👍 | ✅ | 👌 | 🙆 | 💯",
)
_NOT_ALONE = phrases("do | go on | 中 | 成")
_NO = phrases(
    "no | n | nope | nah | naw | no thank you | no thanks | not really | don't | dont",
    "do not | not now | never | no way | please don't | please do not | i don't | i do not",
    "it isn't | it's not | it is not | no it isn't | no it's not | i'd rather not | rather not",
    "definitely not | of course not | absolutely not | certainly not | not at all | not today",
    "i said no | heck no | no don't | no i don't | no it is not | please no | hell no | not yet",
    "不 | 不是 | 不是的 | 不对 | 不行 | 不可以 | 不要 | 不要了 | 不用 | 不用了 | 不必 | 不必了",
    "不需要 | 不需要了 | 没有 | 别 | 不了 | 不好 | 否 | 不同意 | 先不 | 先不用 | 先不要 | 不确认",
    "不了谢谢 | 不用谢谢 | 不用了谢谢 | 当然不 | 当然不是 | 当然不要 | 才不 | 才不要 | 绝不 | 先别",
    "👎 | ❌ | 🙅",
)
_MOCKING = phrases("yeah right | yeah sure right | sure right | ok right")
_TAGS = ("对吧", "是吧", "没问题吧", "可以吧", "没错吧", "同意吧")
"""Questions back, though they have no question mark."""

_COURTESY = phrases(
    "please | pls | plz | thanks | thank you | thx | then | now | right now | just | oh | ah | um",
    "well | and | back | i'm back | im back | sorry | asap | hurry | but hurry | but hurry up",
    "hurry up | quickly | immediately | sir | mate | man",
    "吧 | 啊 | 呀 | 哦 | 嘛 | 啦 | 哈 | 那 | 那就 | 就 | 请 | 谢谢 | 谢谢你 | 谢谢您 | 多谢",
    "在的 | 在",
)
_WITH_DEED = phrases(
    "it | that | this | them | that one | this one | for me | as soon as possible | quick",
    "它 | 这个 | 这单 | 一下 | 掉 | 麻烦 | 快 | 快点 | 尽快 | 赶紧 | 马上 | 现在 | 直接 | 了吧",
)
_WITH_BOTH = phrases(
    "i | i'd | want | need | would | like | to | my | the | a | an | order | you | can | go | 我",
    "要 | 我要 | 想 | 想要 | 帮我 | 给我 | 替我 | 帮忙 | 订单 | 单 | 了 | 把 | 这",
)
"""What a yes beside the deed may name; without the yes it may be the request itself once more."""

_LEADS_NO = re.compile(
    r"(?:no|nope|nah|don't|dont|do not)\b(?=[\s,.!;:-]+\w)"
    r"|(?:不是?|不用了?|不要了?|不对|不行|不了|别)(?=[\s,，、。!;:]+\w)"
    r"|(?:别|不要)(?![的跟和问催吵扯说烦逗闹急废再忘])(?=\w)"
)
_NO_SENTENCE = re.compile(r"(?:no|nope|nah|不|不要|不用了?|不了)\s?[.!。！]")
_SAYS_YES = re.compile(r"\b(?:yes|yeah|yep)\b|是的|好的|可以")
_LEADS_YES = re.compile(
    r"(?:yes|yeah|yep|yup|sure|ok|okay|of course)\b|是的?|对的?|好的?|可以|行|嗯+|没错|确[认定]"
)
_MUMBLE = re.compile(
    r"^(?:(?:ah|oh|ok|okay|well|hm+|um+|uh|sorry)\b|嗯+|呃|额|好吧|好的?|行|那|哦)[\s,，.。…!、~]*"
)
_EXCUSE = re.compile(r"\bsorry[,\s]+(?:i )?(?:was|had to) [^.,!?;]{1,40}")
_UNCLEAR = re.compile(
    r"\b(?:not sure|unsure|no idea|don't know|dont know|dunno|maybe|perhaps|possibly|probably"
    r"|no problem|no worries|no prob|why not|wait|hang on|hold on|hm+|let me think)\b"
    r"|不知道|不确定|不清楚|不好说|再想想|想想|考虑|等等|等一|稍等|没事|没关系|没问题|可能|也许|或许"
)
_NOT_HAN = (
    r"(?:(?<![要能是])(?:不要?|不想要?|不用|不必|不需要)|别|没有?(?:要|想|说要?|打算|让你?)"
    r"|不是(?:要|来|想|说要?))\s?(?:再|来|去|帮我|给我)?\s?"
)
_NOT_LATIN = (
    r"(?:\b(?:don't|dont|do not|never|no need|needn't"
    r"|(?<!can )(?<!could )(?<!did )(?<!does )(?<!has )(?<!was )(?<!is )not)\s+"
    r"(?:(?:really|want|wanna|wish|need|to|you|please|like|going|yet|be|trying|here"
    r"|a|any|my|the|asking|make|talk|speak)\s+){0,4})"
)
_WITHHOLDS = re.compile(
    r"(?:(?:sorry|ok|well)\b[\s,.]*)?(?:no(?! one)|i (?:don't|dont|do not) (?:have|want|use)"
    r"|i'd rather not|without|i won't|i will not)\b|我?(?:没有?|不想|不要|先?不|不愿意?|不方便)"
)
_TOKEN = re.compile(r"[㐀-鿿]+|[^\W㐀-鿿]+(?:['-][a-z]+)?|[^\w\s]")
_HAN = re.compile(r"[㐀-鿿]")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u200d♀♂]")


@dataclass(frozen=True)
class Deeds:
    """What a yes and a no come to, in words: "cancel" and "keep".

    `spelled`: all words of what a yes is called. `about`: words of the task's name. `task`: those
    that name it alone.
    """

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    spelled: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    task: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        yes: Collection[str],
        no: Collection[str],
        *,
        about: Collection[str] = (),
        task: Collection[str] = (),
    ) -> "Deeds":
        """Read them from folded titles: what only a yes, or only a no, is called."""
        agree = frozenset(d for title in yes if (d := _deed(title)))
        refuse = frozenset(d for title in no if (d := _deed(title)))
        spelled = frozenset(w for title in yes for w in _TOKEN.findall(title) if w.isalpha())
        named = " ".join(about)
        for deed in agree:
            named = named.replace(deed, " ")
        words = frozenset(_TOKEN.findall(named)) - frozenset(task)
        return cls(agree - refuse, refuse - agree, spelled, words, frozenset(task))


NO_DEEDS = Deeds()


@lru_cache(maxsize=REMEMBERED)
def polarity(text: str) -> bool | None:
    """Return what a folded message means that is a plain yes or no and nothing else."""
    text = _SKIN.sub("", text)
    if _asks(text) or len(text) > _LONGEST:
        return None
    whole = DRAWN_OUT.sub(r"\1", text.strip(AROUND)).replace(",", "")
    if whole in _NOT_ALONE:
        return None
    for words in (whole, plain(text), _once(plain(text))):
        if words in _YES or words in _NO:
            return words in _YES
    return None


def yes_or_no(text: str, deeds: Deeds = NO_DEEDS) -> bool | None:
    """Return the yes or no that a folded message says, in whatever words; None: neither."""
    said = polarity(text)
    if said is not None:
        return said
    if _refuses(text, deeds):
        return False
    return True if not _asks(text) and _agrees(text, deeds) else None


def after_yes(text: str) -> str | None:
    """Return what follows the yes that folded text begins with; None without, or in a question."""
    words = text.strip(AROUND)
    yes = _LEADS_YES.match(words)
    return words[yes.end() :] if yes and not _asks(text) else None


def hesitates(text: str) -> bool:
    """Tell whether a short folded message puts the answer off: "not sure", 再想想."""
    return bool(_UNCLEAR.search(text)) and leftover(text) <= _FEW_WORDS


def unclear(text: str) -> bool:
    """Tell whether folded text is no answer to a yes or no: a question, a hedge, a correction."""
    both = _LEADS_NO.match(text.strip(AROUND)) and _SAYS_YES.search(text)
    return question_like(text) or bool(both or _UNCLEAR.search(text)) or amends(text)


def withholds(text: str) -> bool:
    """Tell whether a short folded message says that the asked thing is not given: "no e-mail"."""
    return (
        _WITHHOLDS.match(text.strip(AROUND)) is not None
        and leftover(text) <= _FEW_WORDS
        and not unclear(text)
    )


def negated(text: str, deeds: Iterable[str]) -> bool:
    """Tell whether folded text says not to do one of these: "don't cancel", 别取消."""
    return any(
        re.search((_NOT_HAN if _HAN.match(deed) else _NOT_LATIN) + re.escape(_stem(deed)), text)
        for deed in deeds
    )


def _stem(deed: str) -> str:
    """Enough of a longer word for its other forms: "complain" of "complaint"."""
    return deed[:-1] if deed.isascii() and len(deed) >= _STEMMED else deed


def _asks(text: str) -> bool:
    return "?" in text or question_like(text) or text.strip(AROUND).endswith(_TAGS)


def _once(words: str) -> str:
    """What is said twice is said: "yes yes", 对对."""
    said = words.split()
    if len(said) == 2 and said[0] == said[1]:
        return said[0]
    half = len(words) // 2
    return words[:half] if _HAN.match(words) and words == words[:half] * 2 else words


def _refuses(text: str, deeds: Deeds) -> bool:
    words = text.strip(AROUND)
    before = None
    while words != before:
        before, words = words, _MUMBLE.sub("", words)
    against = negated(text, deeds.yes | deeds.task)
    does = not against and any(_stands(deed, text) for deed in deeds.yes)
    if _NO_SENTENCE.match(words):
        return not amends(words) and not does
    if question_like(text) or does:
        return False
    if against:
        return True
    if negated(text, deeds.no):
        return False
    keeps = any(_stands(deed, text) for deed in deeds.no)
    if keeps and leftover(text) <= _FEW_WORDS:
        return True
    if polarity(words) is False:
        return True
    return bool(_LEADS_NO.match(words)) and not unclear(words)


def _stands(deed: str, text: str) -> bool:
    pattern = re.escape(deed) if _HAN.match(deed) else rf"\b{re.escape(deed)}\b"
    return re.search(pattern, text) is not None


def _agrees(text: str, deeds: Deeds) -> bool:
    """Whether all that is said is a yes, the deed, or courtesy, and a yes or the deed is there."""
    if len(text) > _LONGEST:
        return False
    words = DRAWN_OUT.sub(r"\1", _EXCUSE.sub(" ", _SKIN.sub("", text).strip(AROUND)))
    kinds = _kinds(words, deeds)
    yes = "yes" in kinds
    deed = "deed" in kinds or (yes and "task" in kinds)
    both = "both" not in kinds or (yes and deed)
    return "other" not in kinds and (yes or deed) and both and ("beside" not in kinds or deed)


def _kinds(text: str, deeds: Deeds) -> set[str]:
    """What the words are: a yes, the deed, courtesy, other than these …; the longest first."""
    short = {deed[0] + "吧" for deed in deeds.yes if _HAN.match(deed)}
    nouns = {deed + ending for deed in deeds.yes for ending in ("ation", "lation", "ion", "ing")}
    known = {
        "other": _MOCKING,
        "deed": deeds.yes | short,
        "yes": _YES,
        "courtesy": _COURTESY,
        "beside": _WITH_DEED | deeds.spelled,
        "both": _WITH_BOTH | deeds.about,
        "deed ": nouns,
        "task": deeds.task,
    }
    kinds = set[str]()
    tokens = [t for t in _TOKEN.findall(text) if t not in AROUND]
    while tokens:
        if _HAN.match(tokens[0]):
            run = tokens.pop(0)
            sizes = range(min(len(run), _PHRASE), 0, -1)
            kind, size = _kind({n: run[:n] for n in sizes}, known)
            tokens = [run[size:], *tokens] if run[size:] else tokens
        else:
            sizes = range(min(len(tokens), _PHRASE), 0, -1)
            kind, size = _kind({n: " ".join(tokens[:n]) for n in sizes}, known)
            tokens = tokens[size:]
        kinds.add(kind.strip())
    return kinds


def _kind(
    ahead: Mapping[int, str], known: Mapping[str, Collection[str]]
) -> tuple[str, int]:
    """The kind and the size of the longest phrase ahead that is known."""
    for size, words in ahead.items():
        for kind, those in known.items():
            if words in those:
                return kind, size
    return "other", 1


def _deed(title: str) -> str:
    """What a button's title says beside its yes or no: "cancel" of "Yes, cancel it"."""
    for part in re.split(r"[,，、:;.!。！]+", title):
        words = part.strip()
        if not words or polarity(words) is not None:
            continue
        empty = _WITH_BOTH | _WITH_DEED | _COURTESY
        tokens: list[str] = [
            t for t in _TOKEN.findall(words)
            if t not in AROUND and polarity(t) is None and t not in empty
        ]
        if tokens and _HAN.match(tokens[0]) and len(tokens[0]) > 3:
            return tokens[0][:2]
        if tokens:
            return tokens[0]
    return ""
