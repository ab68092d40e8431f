"""Damaged numbers and dates: ``4个方面1640个整改事项``, ``924日``, ``2021915日``, ``2024年月3日``.

Something has been lost beside the digits. What was meant is never guessed into the text, only told as a hint.
"""

from __future__ import annotations

import re

from zhenggai.figures.layout import Page
from zhenggai.figures.relations.common import claim
from zhenggai.figures.shapes import Claim, Verdict
from zhenggai.kit.damage import DAMAGED_DATE_RE, date_hint, is_sound_day

_NOUNS = "整改事项|整改任务|整改措施|整改举措|具体问题|具体措施|问题|措施|事项|任务|举措|方面|大类|类别|条款|制度|线索|案件|项目|单位|人员"
_GLUED_RE = re.compile(
    rf"(?<!\d)(?P<small>\d{{1,2}})个?(?:大)?(?:方面|大类|类)(?:的)?(?P<glued>\d{{3,6}})(?P<unit>个|项|条)(?:{_NOUNS})(?P<next>\d{{1,5}}(?:个|项|条)?(?:{_NOUNS}))?"
)
_NAKED_RE = re.compile(rf"\d(?:个|项|条|件|类)(?:{_NOUNS})(?P<naked>\d{{1,5}}(?:{_NOUNS}))")
_DOTS_RE = re.compile(
    r"(?<![\d.])\d+\.\.+\d*(?=[%件人个项万亿元])|(?<![\d.])\d{1,4}\.(?=%|万元|亿元|个百分点)|(?<![\d.])\d+(?:\.\d+){2,}(?=%|万元|亿元|个百分点)"
)
_NO_UNIT_RE = re.compile(
    r"\d(?:万|亿)?(?:平方(?:千克|公斤|吨|元|人|升|斤|克|件|个)|立方(?:千克|公斤|吨|元|人|升|公里|亩|件|个)|微克/平方米|个百分比)"
)
_MIXED_RE = re.compile(r"(?<![A-Za-z\d.-])\d{1,6}[bqsz](?=(?:名|人|件|户|家|万元|亿元|元|%|处|起|份|条|项))")
_LETTER_RE = re.compile(
    r"(?<![A-Za-z\d.])(?=[\d,.OolI]*\d)(?=[\d,.]*[OolI])[1-9OolI][\d,.OolI]*(?=(?:万|亿|千)?(?:元|件|人|个|名|%|户|项|次|家|起|条|份|亩|吨|公里)|年|月|日)"
)
_LOST_RE = re.compile(
    r"(?:(?:率|占比|比例|比重)(?:已|均)?(?:达到?|为|是|约为?|仅|提高到|上升到|下降到|升至|降至)|(?:达到?|占|增长|下降|提高|降低|上升)了?)%(?!以)|(?:共计|合计|累计|总计|高达|金额达?|资金|支出|收入)(?:万元|亿元)(?![以为计单及级])"
)
_TORN_RE = re.compile(
    r"(?<![\d.A-Za-z:：/-])\d{1,4} \d{1,4}(?=(?:件|人|个|名|户|项|处|次|家|起|条|份|万元|元|亩|吨|公里)(?!\d))"
)
_TWICE_RE = re.compile(r"\d(?:万元万元|亿元亿元|元[万亿](?!元)|万万元|亿亿元|%{2,})")


_YEARLESS_RE = re.compile(r"(?<![\d.])(?P<year>20[0-4]\d)(?P<month>1[0-2]|[1-9])月(?P<day>[12]\d|3[01]|[1-9])日")


def check_damage(page: Page) -> list[Claim]:
    """Return the claims about damaged numbers and dates."""
    text = page.text
    claims = [
        claim(page, "damaged_date", Verdict.CONTRADICTORY, date_hint(match), match.start(), match.end())
        for match in DAMAGED_DATE_RE.finditer(text)
        if not is_sound_day(text, match) and _stands_as_date(text, match)
    ]
    claims.extend(
        claim(
            page,
            "damaged_date",
            Verdict.CONTRADICTORY,
            f"日期可能缺“年”字，疑为{match['year']}年{match['month']}月{match['day']}日，请核对。",
            match.start(),
            match.end(),
        )
        for match in _YEARLESS_RE.finditer(text)
    )
    found: list[tuple[int, int, str]] = []
    for match in _GLUED_RE.finditer(text):
        if _implausible(match):
            reason = f"{match['small']}个方面与{match['glued']}{match['unit']}之间疑缺字，请对照原件核对"
            found.append((match.start(), match.end(), reason))
    for pattern, words in (
        (_NAKED_RE, "数字之间缺标点或量词，请对照原件核对"),
        (_DOTS_RE, "小数点有误，请对照原件核对"),
        (_TWICE_RE, "量词重复，疑有缺漏，请对照原件核对"),
        (_NO_UNIT_RE, "没有这样的计量单位，请对照原件核对"),
        (_MIXED_RE, "数字中混入字母，请对照原件核对"),
        (_LETTER_RE, "数字中混入字母，请对照原件核对"),
        (_LOST_RE, "缺数字，请对照原件核对"),
        (_TORN_RE, "数字中间断开，请对照原件核对"),
    ):
        found.extend((match.start(), match.end(), words) for match in pattern.finditer(text))
    claims.extend(_badly_grouped(page))
    behind = 0
    for start, end, reason in sorted(found, key=lambda item: (item[0], -item[1])):
        if start >= behind:
            behind = end
            claims.append(claim(page, "damaged_count", Verdict.CONTRADICTORY, reason, start, end))
    return claims


_GROUPED_RE = re.compile(r"(?<![\d,.])\d{1,3},\d{1,2}(?=[件人个名户家处起份条项次元万亿%])")
_NARROW_RE = re.compile("[一-龥],|,[一-龥]")


def _badly_grouped(page: Page) -> list[Claim]:
    """Report 1,28处 in a text whose sentences are set apart by wide commas."""
    source = page.view.source
    if _NARROW_RE.search(source) is not None:
        return []
    reason = "千分位分组有误，疑缺数字，请对照原件核对"
    return [
        Claim(match[0], Verdict.CONTRADICTORY, reason, match.span(), "damaged_count")
        for match in _GROUPED_RE.finditer(source)
    ]


_BEFORE_A_DATE = frozenset("于至年在到自从，。；：、（\n“截")


def _stands_as_date(text: str, match: re.Match[str]) -> bool:
    """Tell whether the digits stand where a date would, and not where a number of days would."""
    before, behind = (
        text[match.start() - 1 : match.start()] if match.start() else "\n",
        text[match.end() : match.end() + 1],
    )
    if (
        match["digits"]
        and not match["year"]
        and (before not in _BEFORE_A_DATE or behind in ("内", "后", "以", "之", "期", "龄"))
    ):
        return False
    digits = match["digits"] or (match["all"][4:] if match["all"] else "")
    return not digits or any(
        1 <= int(digits[:cut]) <= 12 and 1 <= int(digits[cut:] or 0) <= 31 and digits[cut] != "0"
        for cut in (1, 2)
        if cut < len(digits)
    )


def _implausible(match: re.Match[str]) -> bool:
    """Tell whether the number glued to 方面 cannot be meant: no measure word follows on, or it is far too many."""
    if match["next"] and not re.search("个|项|条", match["next"]):
        return True
    return "整改" in match[0] and int(match["glued"]) > max(300 * int(match["small"]), 999)
