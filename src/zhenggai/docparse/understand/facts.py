"""What the paper says about the inspection: who was inspected by whom, and when.

Facts are looked for where such papers state them: the opening paragraphs, the title, the signature.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from zhenggai.docparse.understand.fact_store import Facts, put_fact
from zhenggai.docparse.understand.unit_names import BAD_PLACE_RE, INSPECT, find_unit, tail_paragraphs
from zhenggai.docparse.understand.view import View
from zhenggai.kit.damage import split_damaged
from zhenggai.kit.dates import FoundDate, find_dates

_KIND = "生态环境保护督察|环境保护督察|环保督察|巡察|巡视|督察|巡回指导|督导|检查"


BODY_RE = re.compile(
    rf"(?P<body>(?:(?:中央|省委|市委|区委|县委|州委|旗委|自治区党委|兵团党委|省|市|县|区)|(?:省委|市委|区委"
    rf"|县委|州委|省|市|县|区|州)[一-龥]{{2,10}}?(?:党委|党组|党工委|工委|宣传部|政法委)(?:党组)?"
    rf"|[一-龥]{{2,10}}(?:集团|公司)党委|(?:省|市|县|区|总|分)?(?:局|厅|院|校|署|社|行|集团|公司|部|镇|乡|街道)?(?:党委|党组)|[一-龥]{{2,6}}(?:部|总局|总署|总行)(?:党委|党组))?"
    rf"(?:村居|村(?:社区)?|提级|专项|常规)?第[一二三四五六七八九十\d]{{1,3}}(?:轮)?(?:专项|常规|机动|提级|交叉|联动)?(?:{_KIND})组"
    r"|(?:省委|市委|区委|县委|州委)(?:村居|村(?:社区)?|专项|提级)?(?:巡察|巡视)[一二三四五六七八九十]{1,2}组"
    r"|(?:中央|省委|市委|区委|县委|州委|省|市|国家)?(?:生态环境保护督察|环境保护督察|环保督察)组"
    rf"|(?:(?:省委|市委|区委|县委|州委|省|市|县|区|州)[一-龥]{{0,10}}?(?:党委|党组|党工委|工委|宣传部"
    rf"|政法委)(?:党组)?|中央|省委|市委|区委|县委|州委|(?:(?:省|市|县|区|总|分)?(?:局|厅|院|校|署|社|行|公司|集团))?(?:党组|党委))(?:[一-龥]{2, 6}专项|提级|专项|联合|机动)?(?:巡察"
    rf"|巡视)组"
    r"|(?:审计署[一-龥]{0,8}特派员?办事?处?|审计署|(?:[一-龥]{2,4}(?:省|市|县|区))?审计(?:厅|局|署)|(?:省"
    r"|市|县|区)审计(?:厅|局)))"
)


_RANGE_RE = re.compile(r"\s?(?:至|到|-|—{1,2}|~|～|–)\s?$")


_AS_OF_RE = re.compile(r"截(?:止(?:日期|时间)\s?[::]|至|止到?|止至)(?:到)?\s?")


def find_facts(view: View, outside: list[tuple[int, int]], brand: str, published: str = "") -> Facts:
    """Return the facts of the paper.

    Args:
        view: Working view.
        outside: Ranges of the working text outside problems, in order.
        brand: Foreign token that must not be taken for a name, or an empty string.
        published: Day on which the page was published (ISO), or an empty string: it gives the year of what was news then.
    """
    facts = Facts(brand=brand)
    find_unit(view, facts, outside)
    _find_body(view, facts, outside)
    _find_inspection_dates(view, facts, outside)
    _find_feedback_date(view, facts, outside, published)
    _find_as_of(view, facts, outside)
    _find_document_date(view, facts, outside)
    return facts


def _find_body(view: View, facts: Facts, outside: list[tuple[int, int]]) -> None:
    norm = view.norm
    found: list[tuple[str, int, int]] = []
    for start, end in outside[:80]:
        for match in BODY_RE.finditer(norm, start, min(end, start + 4000)):
            found.append((match["body"].strip(), match.start("body"), match.end("body")))
        if len(found) > 12:
            break
    if not found:
        return
    numbered = [item for item in found if "第" in item[0]] or found
    common = Counter(item[0] for item in numbered).most_common()
    best = next(item for item in numbered if item[0] == common[0][0]) if common[0][1] > 1 else numbered[0]
    longer = [item for item in numbered if item[0].endswith(best[0]) and len(item[0]) > len(best[0])]
    best = longer[0] if longer else best
    lead = re.match(r"根据|按照|依据|经|由|受|对照|接受|配合|落实", norm[best[1] : best[2]])
    start = best[1] + (lead.end() if lead else 0)
    places = [_place_before(norm, item[1]) for item in found if item[0] == best[0]]
    if places and all(places) and len(set(places)) == 1:
        best = next(item for item in found if item[0] == best[0])
        start = best[1] - len(places[0])
    put_fact(view, facts, "inspecting_body", re.sub(r"\s+", "", view.text[start : best[2]]), start, best[2])


_PLACE_BEFORE_RE = re.compile(
    r"(?:^|[^一-龥]|中共|由|经|受|落实|配合|关于|按照|根据|对照)(?P<place>[一-龥]{2,3})$", re.MULTILINE
)


def _place_before(norm: str, at: int) -> str:
    """Return the place before 县委第三巡察组 where the paper writes it out, else an empty string."""
    if norm[at : at + 2] not in ("省委", "市委", "县委", "区委", "州委", "旗委"):
        return ""
    match = _PLACE_BEFORE_RE.search(norm[max(0, at - 8) : at])
    place = match["place"] if match else ""
    known = place and norm.count(place + norm[at]) > 1 and not BAD_PLACE_RE.search(place)
    return place if known else ""


_FIXABLE_RE = re.compile(r"(?P<year>20\d\d)年(?P<digits>\d{3,4})日|(?P<all>20\d\d\d{3,4})日")


def _dates_with_damage(norm: str, start: int, end: int) -> list[FoundDate]:
    """Return the dates of a range, damaged ones included where only one reading is possible."""
    dates = find_dates(norm, start, end)
    for match in _FIXABLE_RE.finditer(norm, start, end):
        year, digits = (match["year"], match["digits"]) if match["year"] else (match["all"][:4], match["all"][4:])
        parts = split_damaged(digits)
        if parts:
            dates.append(FoundDate(int(year), parts[0], parts[1], match.start(), match.end()))
    kept: list[FoundDate] = []
    for date in sorted(dates, key=lambda date: (date.start, -date.end)):
        if not kept or date.end >= kept[-1].end:
            kept.append(date)
    return kept


def _sentences(norm: str, start: int, end: int) -> list[tuple[int, int]]:
    cuts = [match.end() for match in re.finditer(r"[。;\n]", norm[start:end])]
    places = [0, *cuts, end - start]
    return [(start + left, start + right) for left, right in pairwise(places) if right > left]


def _find_inspection_dates(view: View, facts: Facts, outside: list[tuple[int, int]]) -> None:
    norm = view.norm
    for start, end in outside[:60]:
        for left, right in _sentences(norm, start, min(end, start + 3000)):
            text = norm[left:right]
            if not re.search(INSPECT + "|进驻", text):
                continue
            dates = _dates_with_damage(norm, left, right)
            for first, second in pairwise(dates):
                between = norm[first.end : second.start]
                if not _RANGE_RE.match(between):
                    continue
                opening = first.iso()
                if opening is None:
                    continue
                closing = second.iso(first.year)
                if second.month is None or closing is None:
                    continue
                if (
                    norm[second.end : second.end + 12].find("整改") >= 0
                    and "集中整改" in norm[second.end : second.end + 14]
                ):
                    continue
                if second.year is None and closing < opening[: len(closing)]:
                    continue
                put_fact(view, facts, "inspection_start", opening, first.start, first.end)
                put_fact(view, facts, "inspection_end", closing, second.start, second.end)
                return


def _find_feedback_date(view: View, facts: Facts, outside: list[tuple[int, int]], published: str) -> None:
    norm = view.norm
    year: int | None = None
    for start, end in outside[:60]:
        for left, right in _sentences(norm, start, min(end, start + 3000)):
            dates = _dates_with_damage(norm, left, right)
            at = norm.find("反馈", left, right)
            while at != -1:
                before = [date for date in dates if date.end <= at]
                ranged = {
                    id(date)
                    for one, two in pairwise(dates)
                    if _RANGE_RE.match(norm[one.end : two.start])
                    for date in (one, two)
                }
                usable = [date for date in before if id(date) not in ranged and at - date.end <= 70]
                if usable and norm[at : at + 5] not in ("反馈后1个", "反馈问题整"):
                    date = usable[-1]
                    inherited = next(
                        (item.year for item in reversed(dates) if item.year and item.start < date.start), year
                    )
                    if inherited is None:
                        later = [
                            item.year for item in find_dates(norm, right, min(right + 1500, len(norm))) if item.year
                        ]
                        inherited = later[0] if later else _year_of_news(date, published)
                    if date.year is None and inherited and _turns_year(norm, date, inherited):
                        inherited += 1
                    iso = date.iso(inherited)
                    if iso and "截" not in norm[max(left, date.start - 3) : date.start]:
                        put_fact(view, facts, "feedback_date", iso, date.start, date.end)
                        return
                at = norm.find("反馈", at + 2, right)
            for date in dates:
                year = date.year or year
    for match in _OPINION_DATE_RE.finditer(norm[:4000]):
        dates = find_dates(norm, match.end(), min(match.end() + 14, len(norm)))
        if dates and dates[0].start == match.end():
            put_fact(view, facts, "feedback_date", dates[0].iso(), dates[0].start, dates[0].end)


def _year_of_news(date: FoundDate, published: str) -> int | None:
    """Return the year of a date that a page published on *published* tells as news, or None."""
    if len(published) < 7 or date.month is None:
        return None
    return int(published[:4]) - (date.month > int(published[5:7]))


_MONTH_RE = re.compile(r"(?<!\d)(?P<month>\d{1,2})月")


def _turns_year(norm: str, date: FoundDate, year: int) -> bool:
    """Tell whether a date without year lies in the year behind the one named before: months never run back."""
    named = norm.rfind(f"{year}年", 0, date.start)
    months = [int(match["month"]) for match in _MONTH_RE.finditer(norm, max(named, 0), date.start)]
    return named != -1 and bool(months) and date.month is not None and max(months) > date.month + 3


_OPINION_DATE_RE = re.compile(r"反馈意见》?\s?\(")


def _find_as_of(view: View, facts: Facts, outside: list[tuple[int, int]]) -> None:
    norm = view.norm
    year: int | None = None
    for start, end in [*outside, (0, len(norm))]:
        for match in _AS_OF_RE.finditer(norm, start, end):
            dates = _dates_with_damage(norm, match.end(), min(match.end() + 20, end))
            if dates and dates[0].start - match.end() <= 1:
                if dates[0].year is None and year is None:
                    earlier = [
                        date.year for date in find_dates(norm, max(0, match.start() - 3000), match.start()) if date.year
                    ]
                    year = earlier[-1] if earlier else None
                put_fact(view, facts, "as_of", dates[0].iso(year), dates[0].start, dates[0].end)
                if "as_of" in facts.values:
                    return


_META_DATE_RE = re.compile(
    r"(?:成文日期|成文时间|印发日期|制定日期|填报(?:日期|时间)|填表(?:日期|时间)|制表(?:日期|时间)"
    r"|编制(?:日期|时间)|会议时间|(?<=\n)时间(?=[:：]20)|报送(?:日期|时间))\s?[::]?\s*"
)


_CLOSING_DATE_RE = re.compile(
    r"(?:党组|党委|党工委|工委|委员会|支部|局|院|厅|公司|政府|办公室|街道|办事处|巡察组"
    r"|巡视组)\s{0,4}(?P<date>20\d\d年\d{1,2}月\d{1,2}日)\s*$"
)


_SPEECH_RE = re.compile(r"\s*[-—]{1,4}\s?(?P<date>20\d\d年\d{1,2}月\d{1,2}日)在.{2,60}(?:会议|全会|大会)")


def _find_document_date(view: View, facts: Facts, outside: list[tuple[int, int]]) -> None:
    norm = view.norm
    for start, end in reversed(tail_paragraphs(view)):
        text = norm[start:end].strip()
        dates = _dates_with_damage(norm, start, end)
        if not dates or len(text) > 60:
            continue
        last = dates[-1]
        closes = not norm[last.end : end].strip(" ()。")
        head = norm[start : last.start].strip(" (")
        signed = not head or (
            len(head) <= 40 and not re.search(r"[。;,:]", head) and not re.search(r"(?:至|到|截至|于)$", head)
        )
        if closes and signed and last.iso():
            put_fact(view, facts, "document_date", last.iso(), last.start, last.end)
            return
    closing = _CLOSING_DATE_RE.search(norm)
    if closing:
        dates = find_dates(norm, closing.start("date"), len(norm))
        if dates and dates[0].iso():
            put_fact(view, facts, "document_date", dates[0].iso(), dates[0].start, dates[0].end)
            return
    for match in _META_DATE_RE.finditer(norm):
        dates = find_dates(norm, match.end(), min(match.end() + 16, len(norm)))
        if dates and dates[0].iso():
            put_fact(view, facts, "document_date", dates[0].iso(), dates[0].start, dates[0].end)
            return
    for paragraph in view.paragraphs[:8]:
        speech = _SPEECH_RE.match(norm, paragraph.start, paragraph.end)
        if speech:
            dates = find_dates(norm, speech.start("date"), speech.end("date"))
            put_fact(
                view,
                facts,
                "document_date",
                dates[0].iso() if dates else None,
                speech.start("date"),
                speech.end("date"),
            )
            return
        text = norm[paragraph.start : paragraph.end].strip(" ()")
        dates = find_dates(text)
        if (
            paragraph.table < 0
            and len(dates) == 1
            and dates[0].start <= 1
            and dates[0].end >= len(text) - 1
            and dates[0].day
        ):
            base = paragraph.start + norm[paragraph.start : paragraph.end].find(text)
            put_fact(view, facts, "document_date", dates[0].iso(), base + dates[0].start, base + dates[0].end)
            return
