"""Numbers with their measure words, one after another, as they stand in the working text.

This is the only place that decides what is a number at all. Document numbers, articles, enumerators, years, telephone
numbers and set phrases such as ``“三个规定”`` are no quantities and do not come out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhenggai.figures.periods import DATE_RE
from zhenggai.figures.units import ALL_UNITS, NOT_BEFORE, TIME_UNITS
from zhenggai.kit.chinese_numerals import parse_chinese_number

_CN = "零〇一二三四五六七八九十百千万亿两"
_MAX_DIGITS = 18
_MAGNITUDES = {"万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8, "千万": 10**7, "百万": 10**6,
               "十万": 10**5, "万": 10**4, "千": 1000, "百": 100}  # fmt: skip
_MONEY = {"元", "美元", "吨", "亩", "平方米", "立方米", "千瓦时", "千瓦"}


_YET = {"条": "索"}
"""What makes a measure word again of what looks like the beginning of another word: ``12条线索`` beside ``两条线``."""


def _unit_pattern() -> str:
    guarded = (
        re.escape(unit) + (f"(?![{NOT_BEFORE[unit]}](?!{_YET.get(unit, '$^')}))" if NOT_BEFORE.get(unit) else "")
        for unit in ALL_UNITS
    )
    return "|".join(guarded)


_BEFORE = (
    "不超过|不少于|不低于|不高于|不多于|不到|不足|不满|未达|超过|超出|突破|高于|多于|大于|低于|少于|将近|接近|大约|约为|约有|约"
    "|近|逾|超|至少|最多|至多|起码|大概"
)
_BEHIND = "以上|以下|以内|左右|上下|之多|有余"
_AR = r"\d{1,30}+(?:\.\d{1,10}+)?+"
_MAG = "万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百"
_MID = "余|多|来|几"
_UNIT = _unit_pattern()

NUMBER_RE = re.compile(
    rf"(?P<before>{_BEFORE})?"
    r"(?:"
    rf"(?P<percent>百分之|千分之)(?P<pv>{_AR}|[{_CN}]{{1,9}}(?:点[{_CN}]{{1,4}})?)(?P<pmid>多|余|几)?"
    rf"|(?P<den>[{_CN}]{{1,4}}|\d{{1,4}})分之(?P<num>[{_CN}]{{1,4}}|\d{{1,4}})"
    rf"|(?<![\d.])(?P<ar>{_AR})(?:(?P<to>-{{1,2}}|~|至|到)(?P<ar2>{_AR}))?(?P<mid>{_MID})?(?P<mag>{_MAG})?(?P<mid2>{_MID})?"
    rf"(?P<unit>{_UNIT})"
    rf"|(?<![{_CN}])(?P<cn>[{_CN}]{{1,14}}+)(?:(?P<cto>至|到)(?P<cn2>[{_CN}]{{1,8}}))?(?P<cmid>余|多|来)?(?P<cunit>{_UNIT})"
    r"|(?P<halfyear>(?<=为期)半年|(?<=历时)半年)"
    r"|(?P<half>(?<=过)半|(?:一半|半数|(?<=超)半|(?<=近)半)(?![年天月日个小径数导成决路途]))"
    r")"
    r"(?P<tenth>(?<=成)[一二三四五六七八九])?"
    rf"(?P<behind>{_BEHIND}|多(?=[人户家名]?[，。；、（]))?"
)
_BARE_RE = re.compile(rf"(?:{_BEFORE})?({_AR})(%?)(?=[、和与及])")
"""A number of a list whose measure word stands behind the last: ``12、15和20件``."""

_CN_UNITS = frozenset(
    [
        "件",
        "人",
        "名",
        "次",
        "份",
        "条",
        "项",
        "个",
        "处",
        "场",
        "家",
        "篇",
        "起",
        "宗",
        "户",
        "年",
        "个月",
        "天",
        "倍",
        "成",
        "期",
        "位",
        "所",
        "类",
        "批",
        "轮",
        "届",
        "本",
        "部",
        "套",
        "台",
        "辆",
        "张",
        "亩",
        "吨",
        "公里",
        "万元",
        "元",
        "亿元",
        "人次",
        "件次",
        "个百分点",
        "百分点",
        "小时",
        "个工作日",
        "场次",
        "批次",
        "笔",
        "款",
        "例",
        "村",
        "部门",
        "县",
        "镇",
        "番",
        "周",
        "方面",
        "环节",
        "支",
        "堂",
        "课",
        "节",
        "门",
        "座",
        "栋",
    ]
)
_ONE_COUNTS = frozenset(["件", "名", "份", "家", "篇", "宗", "户", "个月", "倍"])
"""Measure words before which 一 counts; 一个, 一次, 一批, 一起 mostly do not."""
_FIXED_RE = re.compile(
    "两个(?:确立|维护|毫不动摇|责任|大局|一以贯之|结合|先行区|健康|务必)|四个(?:意识|自信|全面|伟大|服从|最严|不摘|合格|一律|铁一般|铁|善于)|三个(?:规定|区分开来|代表|务必|牢牢把握|效果|责任区)"
    "|八项规定|六个纳入|四种形态|三重一大|三会一课|两学一做|五位一体|一岗双责|四个一|三项(?:制度|机制)改革|十项(?:严禁|禁令)|六项纪律|五个(?:必须|坚持)"
    "|八项本领|三个体系|三项建设|四个服务|七个有之|五个一|三严三实|四个关系|一件事|一次办|一件一件|一项一项|一个一个|一次性|一家一户|一人一|一户一|一件件|一项项|一条条"
)
_NO_QUALIFIER_AFTER = {
    "近": tuple("最附就邻靠亲临贴将接"),
    "约": tuple("节预签条合制简公履违邀解契"),
    "超": tuple("赶反高"),
    "大约": (),
    "逾": ("不",),
    "高于": ("不",),
    "低于": ("不",),
}
"""Characters before a qualifier that make it the end of another word: 节约, 最近."""
_LEADING_QUOTES = "“‘\"'"
_NOT_AFTER = re.compile(r"[A-Za-z\d._/#@&＋+*×÷=第]$|[-~]$|№$")
_LINE_RE = re.compile(
    r"[A-Za-z#]?\d{3,4}-\d{6,8}|1[3-9]\d{9}|[\w.+-]{1,64}@[\w.-]{1,64}|https?://[^\s，。；、）]{1,200}|\d{1,2}：\d{2}"
)
_TITLE_RE = re.compile(r"《[^《》\n]{0,120}》")


@dataclass(frozen=True, slots=True)
class Token:
    """One number as it stands in the working text."""

    start: int
    """First character, of the qualifier if there is one."""
    number: int
    """First character of the number itself."""
    end: int
    """Behind the last character, of the qualifier behind if there is one."""
    value: Decimal
    """As stated in ``unit``."""
    upper: Decimal | None
    """Upper end of a range."""
    step: Decimal
    """What one in the last digit is worth."""
    unit: str
    """Measure word."""
    qualifier: str
    """Qualifier, or nothing."""
    chinese: bool
    """Written in Chinese numerals."""
    scaled: bool
    """Written with 万, 千 … before the measure word."""


def lex(text: str) -> list[Token]:
    """Return the quantities of the working *text* in order."""
    taken = _closed_places(text)
    tokens: list[Token] = []
    at = 0
    for match in _matches(text, taken):
        if match.start() < at:
            continue
        token = _token(text, match)
        if token is None:
            continue
        tokens.extend(_bare_before(text, token, at))
        tokens.append(token)
        at = token.end
    return tokens


def _matches(text: str, taken: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield matches outside the closed places, in order."""
    at = 0
    for start, end in [*taken, (len(text), len(text))]:
        position = at
        while position < start:
            match = NUMBER_RE.search(text, position, start)
            if match is None:
                break
            if _is_torn(text, match):
                position = _behind_digits(text, match)
                continue
            yield match
            position = match.end()
        at = max(at, end)


def _behind_digits(text: str, match: re.Match[str]) -> int:
    """Return where to look on behind a match that is no quantity: behind its first run of digits."""
    number = match.start("ar") if match["ar"] else match.start()
    at = number
    while at < match.end() and (text[at].isdigit() or text[at] == "."):
        at += 1
    return max(at, match.start() + 1)


def _is_torn(text: str, match: re.Match[str]) -> bool:
    """Tell whether the digits belong to something longer: a model, a telephone or document number, an article."""
    number = _number_start(match)
    before = text[max(0, number - 2) : number]
    if match["before"] is None and before and _NOT_AFTER.search(before):
        return True
    if match["before"] is None and before.endswith("："):
        return number >= 2 and text[number - 2].isdigit()
    return False


def _number_start(match: re.Match[str]) -> int:
    for name in ("percent", "den", "ar", "cn", "half", "halfyear"):
        if match[name] is not None:
            return match.start(name)
    return match.start()


def _closed_places(text: str) -> list[tuple[int, int]]:
    """Return places where no quantity is looked for: dates, titles, addresses, telephone numbers; merged, in order."""
    places = [match.span() for pattern in (DATE_RE, _TITLE_RE, _LINE_RE, _FIXED_RE) for match in pattern.finditer(text)]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _token(text: str, match: re.Match[str]) -> Token | None:
    start, end = match.span()
    before, behind = match["before"] or "", match["behind"] or ""
    if match["percent"]:
        value = _decimal(match["pv"])
        unit = "%" if match["percent"] == "百分之" else "‰"
        mid, step, chinese = match["pmid"] or "", _step(match["pv"]), not match["pv"][0].isdigit()
        return None if value is None else _made(match, value, None, step, unit, before, mid, behind, chinese, False)
    if match["halfyear"]:
        return _made(match, Decimal(6), None, Decimal(1), "个月", before, "", behind, True, False)
    if match["half"]:
        passed = "超过" if match.string[max(0, match.start() - 1) : match.start()] == "过" else ""
        return _made(match, Decimal(50), None, Decimal(10), "半", before or passed or "约", "", behind, True, False)
    if match["den"]:
        over, part = _decimal(match["den"]), _decimal(match["num"])
        if not over or part is None:
            return None
        value = part / over
        return _made(match, value, None, Decimal("0.01"), "分之", before, "", behind, True, False)
    if match["ar"]:
        return _arabic(match, before, behind)
    return _chinese(text, match, before, behind, start, end)


def _made(
    match: re.Match[str], value: Decimal, upper: Decimal | None, step: Decimal, unit: str,
    before: str, mid: str, behind: str, chinese: bool, scaled: bool,
) -> Token:  # fmt: skip
    start, number = match.start(), _number_start(match)
    if before and (
        match.string[max(0, start - 1) : start] in _NO_QUALIFIER_AFTER.get(before, ())
        or (unit in TIME_UNITS and before == "近")
    ):
        before, start = "", number
    qualifier = before or mid or behind
    if before in ("约", "大约", "约为", "约有", "大概") and (mid or behind not in ("", "左右", "上下")):
        qualifier = mid or behind
    if qualifier in ("约为", "约有"):
        qualifier = "约"
    return Token(start, number, match.end(), value, upper, step, unit, qualifier, chinese, scaled)


def _arabic(match: re.Match[str], before: str, behind: str) -> Token | None:
    words = match["ar"]
    if len(words) > _MAX_DIGITS:
        return None
    value, unit = Decimal(words), match["unit"]
    upper = Decimal(match["ar2"]) if match["ar2"] and len(match["ar2"]) <= _MAX_DIGITS else None
    step = _step(match["ar2"] or words)
    magnitude = match["mag"] or ""
    scaled = bool(magnitude)
    if magnitude and unit in _MONEY and magnitude + unit in ALL_UNITS:
        unit = magnitude + unit
    elif magnitude:
        factor = _MAGNITUDES[magnitude]
        value, step = value * factor, step * factor
        upper = upper * factor if upper is not None else None
    if upper is not None and upper <= value:
        return None
    return _made(match, value, upper, step, unit, before, match["mid"] or match["mid2"] or "", behind, False, scaled)


def _chinese(text: str, match: re.Match[str], before: str, behind: str, start: int, end: int) -> Token | None:
    words, unit = match["cn"], match["cunit"]
    first = match.start("cn")
    if (
        unit not in _CN_UNITS
        or words[0] in "万亿零"
        or text[max(0, first - 1) : first] in ("第", "数", "几", "上", "周", "星", "每", "初")
    ):
        return None
    if words == "一" and (
        unit not in _ONE_COUNTS or text[max(0, first - 1) : first] in ("同", "另", "某", "这", "那", "每", "任", "逐")
    ):
        return None
    if (words == "二" and unit != "成") or _is_phrase(text, first, match.end()):
        return None
    value = _decimal(words)
    if value is None or value <= 0:
        return None
    upper = _decimal(match["cn2"]) if match["cn2"] else None
    mid = match["cmid"] or ""
    if _is_sequence(words) or (words in ("百", "千") and not mid and not before):
        return None
    step = Decimal(1)
    if words[-1] in "万亿":
        step = Decimal(_MAGNITUDES[words[-1]])
    if words[-1] in "万亿" and words[-1] + unit in ALL_UNITS:
        value, unit, step = value / step, words[-1] + unit, Decimal(1)
    if match["tenth"] and unit == "成":
        value, step = value + Decimal(parse_chinese_number(match["tenth"]) or 0) / 10, Decimal("0.1")
    return _made(match, value, upper, step, unit, before, mid, behind, True, False)


def _is_sequence(words: str) -> bool:
    """Tell whether *words* are two neighbouring digits that mean a few: ``三四``, ``七八``."""
    return len(words) >= 2 and words[-1] in "二三四五六七八九两" and words[-2] in "一二三四五六七八九两"


def _is_phrase(text: str, start: int, end: int) -> bool:
    """Tell whether a Chinese numeral opens a quoted phrase, as in ``“三个规定”``."""
    if start and text[start - 1] in _LEADING_QUOTES:
        for at in range(end, min(end + 12, len(text))):
            if text[at] in "”’\"'":
                return True
            if text[at] in "，。；：\n“‘":
                break
    return False


def _decimal(words: str) -> Decimal | None:
    if words[0].isdigit() and words.replace(".", "", 1).isdecimal():
        return Decimal(words) if len(words) <= _MAX_DIGITS else None
    whole, _, decimals = words.partition("点")
    value = parse_chinese_number(whole)
    if value is None:
        return None
    if decimals:
        digits = parse_chinese_number(decimals)
        return None if digits is None else Decimal(f"{value}.{str(digits).zfill(len(decimals))}")
    return Decimal(value)


def _step(words: str) -> Decimal:
    decimals = len(words.partition(".")[2]) if "." in words else len(words.partition("点")[2])
    return Decimal(1).scaleb(-decimals)


def _bare_before(text: str, token: Token, at: int) -> list[Token]:
    """Return the numbers joined to *token* from before that share its measure word."""
    found: list[Token] = []
    right = token.start
    for _ in range(30):
        left = right - 1
        if left <= at or text[left] not in "、和与及":
            break
        begin = left
        while begin > at and left - begin < 12 and (text[begin - 1].isdigit() or text[begin - 1] in ".%"):
            begin -= 1
        words = text[begin:left]
        if not words or not words[0].isdigit() or not words.replace(".", "", 1).isdecimal():
            break
        if begin and (_NOT_AFTER.search(text[max(0, begin - 2) : begin]) or text[begin - 1] in "年月（"):
            break
        found.append(Token(begin, begin, left, Decimal(words), None, _step(words), token.unit, "", False, False))
        right = begin
    return found[::-1]
