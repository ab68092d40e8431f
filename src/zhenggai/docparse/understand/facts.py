"""What the paper says about the inspection: who was inspected by whom, and when.

Facts are looked for where such papers state them: the opening paragraphs, the title, the signature.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from zhenggai.docparse.draft import Span
from zhenggai.docparse.understand.view import View
from zhenggai.kit.dates import FoundDate, find_dates
from zhenggai.kit.text import fold

_ORG = "党组|党委|总支部委员会|支部委员会|党总支|党支部|总支部|支部|党工委|分党组|机关党委"
_VERB = "开展|进行|实施|组织"
_INSPECT = "巡察|巡视|督察|审计|检查|督查|督导|提级"
_NAME = r"[一-龥A-Za-z0-9·“”\s]{2,40}?"
_KIND = "生态环境保护督察|环境保护督察|环保督察|巡察|巡视|督察|巡回指导|督导|检查"
BODY_RE = re.compile(
    rf"(?P<body>(?:(?:中央|省委|市委|区委|县委|州委|旗委|自治区党委|兵团党委|省|市|县|区)|(?:省委|市委|区委"
    rf"|县委|州委|省|市|县|区|州)[一-龥]{{2,10}}?(?:党委|党组|党工委|工委|宣传部|政法委)(?:党组)?"
    rf"|[一-龥]{{2,10}}(?:集团|公司)党委|(?:局|厅|院|校|集团|公司|部|镇|乡|街道)?(?:党委|党组))?"
    rf"(?:村居|村(?:社区)?|提级|专项|常规)?第[一二三四五六七八九十\d]{{1,3}}(?:轮)?(?:专项|常规|机动|提级|交叉|联动)?(?:{_KIND})组"
    r"|(?:省委|市委|区委|县委|州委)(?:村居|村(?:社区)?|专项|提级)?(?:巡察|巡视)[一二三四五六七八九十]{1,2}组"
    r"|(?:中央|省委|市委|区委|县委|州委|省|市|国家)?(?:生态环境保护督察|环境保护督察|环保督察)组"
    rf"|(?:(?:省委|市委|区委|县委|州委|省|市|县|区|州)[一-龥]{{0,10}}?(?:党委|党组|党工委|工委|宣传部"
    rf"|政法委)(?:党组)?|中央|省委|市委|区委|县委|州委|党组|党委|集团党委)(?:提级|专项|联合|机动)?(?:巡察"
    rf"|巡视)组"
    r"|(?:审计署[一-龥]{0,8}特派员?办事?处?|审计署|(?:[一-龥]{2,4}(?:省|市|县|区))?审计(?:厅|局|署)|(?:省"
    r"|市|县|区)审计(?:厅|局)))"
)
_RANGE_RE = re.compile(r"\s?(?:至|到|-|—{1,2}|~|～|–)\s?$")
_AS_OF_RE = re.compile(r"截(?:至|止到?|止至)(?:到)?\s?")
_ALIAS_RE = re.compile(r"\s?\(以下(?:统一)?(?:简|统)称[:：]?\s?[“\"'‘]?(?P<alias>[^”\"'’)]{2,20})[”\"'’]?\)")
_UNIT_LABEL_RE = re.compile(
    r"(?:被巡察(?:单位|党组织)|被巡视(?:单位|党组织)|被审计单位|填报单位|报送单位|编制单位|整改单位"
    r"|被检查单位|单位名称|单位)\s?(?:\(盖章\)|\(公章\))?\s?[::]\s?(?P<unit>[一-龥A-Za-z()]{3,40})"
)
_INSPECTED_RE = re.compile(
    rf"(?:对|进驻|到)\s?(?:中共)?(?P<unit>{_NAME})(?P<alias>\s?\(以下(?:统一)?(?:简"
    rf"|统)称[^)]{{2,24}}\))?\s?(?P<org>{_ORG}|委员会)?(?:领导班子)?(?:\(以下(?:统一)?(?:简"
    rf"|统)称[^)]{{2,24}}\))?(?:及其[^,。]{{0,12}})?\s?(?:20\d\d年[^,。]{{0,24}})?(?:{_VERB})(?:了)?(?:为期[^,。]{{1,12}}的?)?[^,。;]{{0,14}}(?:{_INSPECT})"
)
_FEEDBACK_TO_RE = re.compile(
    rf"向\s?(?:中共)?(?P<unit>{_NAME})\s?(?P<org>{_ORG}|委员会)(?:领导班子"
    rf"|主要负责[人同志]*)?(?:及[^,。]{{0,16}})?(?:进行了?|作了?)?(?:专题|集中|一对一)?(?:反馈|通报)"
)
_TITLE_UNIT_RE = re.compile(
    rf"(?:中共)?(?P<unit>[一-龥A-Za-z0-9“”()\s]{{2,40}}?)(?P<org>{_ORG}|委员会)?(?:关于|落实"
    rf"|贯彻落实)(?=.{{0,60}}(?:整改|巡察|巡视|审计|督察|自查|反馈|检查|问题))"
)
_SUFFIX = (
    "人民检察院|检察院|法院|研究院|设计院|医院|学院|大学|中学|小学|学校|局|厅|中心|有限公司|公司|集团|委员会|办公室|街道办事处|街道|镇|乡|政府|图书馆|博物馆|档案馆|文化馆|馆"
    "|协会|联合会|银行|支队|总队|大队|殡仪馆|管理所|研究所|海事处|合作社|供销社|海关|事务所|管理处|办事处|开发区|管委会|社区|村|市委|县委|区委"
)
_LEDGER_TITLE_RE = re.compile(
    rf"(?:20\d\d年(?:度)?)?(?:中共)?(?P<unit>[一-龥]{{2,22}}?(?:{_SUFFIX}))(?P<org>党组|党委|党总支"
    rf"|党支部)?(?=[^。]{{0,24}}(?:整改|问题|督查|检查|自查|反馈))"
)
_REGION_TITLE_RE = re.compile(
    r"(?P<unit>[一-龥]{2,8}?(?:自治区|省|市|县|区|州|盟|旗))(?:公开|贯彻落实|落实|关于|生态环境保护督察"
    r"|环境保护督察|20\d\d年)(?=[^。]{0,60}督察)"
)
_FEEDBACK_TITLE_RE = re.compile(
    rf"关于(?:对)?(?:巡察|巡视)(?:中共)?(?P<unit>[一-龥]{{2,24}}?)(?P<org>{_ORG}|委员会)(?:情况)?的?反馈"
    rf"|(?:关于)?对(?:中共)?(?P<unit2>[一-龥]{{2,24}}?)(?:{_ORG}|委员会)?(?:开展)?(?:专项|常规)?(?:巡察|巡视)(?:情况)?的?反馈"
)
_ORG_LINE_RE = re.compile(rf"(?:中共)?\s?(?P<unit>[一-龥A-Za-z()“”]{{2,40}}?)\s?(?P<org>{_ORG}|委员会)\s*$")
_ADDRESSEE_RE = re.compile(rf"\s*(?:中共)?(?P<unit>[一-龥]{{3,24}}?)(?P<org>{_ORG}|委员会)\s?[::]\s*")
_PLACE_RE = re.compile(
    r"(?:中共|[,。;、\s]|^)(?P<place>[一-龥]{2,3})(?P<level>[市县区省州])(?:委|人民政府|政府|人大|直)", re.MULTILINE
)
_SIGN_RE = re.compile(rf"(?:中共)?\s?(?P<unit>[一-龥A-Za-z()“”\s]{{2,40}}?)\s?(?P<org>{_ORG}|委员会)?$")
_BAD_UNIT_RE = re.compile(
    r"(?:^[你贵]|反映|负责制|领导下|反馈|巡察|巡视|整改|情况|意见|问题|通报|各|本轮|以下|我们|我[局院校委市县区]|根据|按照|现将|全市"
    r"|全省|全县|全区|有关|相关|本单位|上级|开展|党中央|书记|通知|专题|未按|按规定|使用|了$|的$|一$|等$)"
)
_INSTITUTION_RE = re.compile(
    r"(?:院|局|委|厅|署|处|办|会|校|学|所|站|队|中心|公司|集团|银行|医院|馆|社|部|政府|街道|镇|乡|县|区|市"
    r"|省|团|联|场|台|企业|协会|总队|支队|法院|库|园|基地|行|矿|厂|村|社区|办公室|办事处)$"
)
_DOCUMENT_WORD_RE = re.compile(r"(?:表|通报|报告|方案|公告|公示|意见|情况|台账|清单|汇报|反馈|函|说明)(?:\([^)]*\))?$")


@dataclass(slots=True)
class Facts:
    """Facts about the paper, and where each was read."""

    values: dict[str, str] = field(default_factory=dict)
    """``unit``, ``inspecting_body``, dates."""
    spans: dict[str, Span] = field(default_factory=dict)
    """Document span of each."""
    brand: str = ""
    """A foreign token that stands where the unit's name should."""
    names: list[str] = field(default_factory=list)
    """Every spelling of the unit's name that was proposed."""


def find_facts(view: View, outside: list[tuple[int, int]], brand: str) -> Facts:
    """Return the facts of the paper.

    Args:
        view: Working view.
        outside: Ranges of the working text outside problems, in order.
        brand: Foreign token that must not be taken for a name, or an empty string.
    """
    facts = Facts(brand=brand)
    _find_unit(view, facts, outside)
    _find_body(view, facts, outside)
    _find_inspection_dates(view, facts, outside)
    _find_feedback_date(view, facts, outside)
    _find_as_of(view, facts, outside)
    _find_document_date(view, facts, outside)
    return facts


def _put(view: View, facts: Facts, name: str, value: str | None, start: int, end: int) -> None:
    if value and name not in facts.values:
        facts.values[name] = value
        facts.spans[name] = view.span(start, end)


# ── the unit ──────────────────────────────────────────────────────────────────────────────────────────────────────
def clean_unit(words: str, org: str | None) -> str:
    """Return a unit's name without 中共 and blanks, an empty string when the words are no name."""
    words = re.sub(r"\s+", "", words).strip("“”\"'《》,。、()")
    words = re.sub(r"^(?:关于)?(?:对|向)?(?:中国共产党|中共|共(?!青团)(?=[一-龥]{2,4}[市县区省州]))?", "", words)
    for lead in ("对", "向", "由", "经", "于"):
        words = words.removeprefix(lead)
    if org == "委员会" and re.search(r"(?:省|市|县|区|州|旗|镇|乡)$", words):
        words += "委"
    if len(words) < 2 or _BAD_UNIT_RE.search(words):
        return ""
    return words


def _find_unit(view: View, facts: Facts, outside: list[tuple[int, int]]) -> None:
    norm = view.norm
    proposals: list[tuple[str, int, int, float]] = []

    def propose(match: re.Match[str], base: float) -> None:
        org = match.groupdict().get("org")
        name = clean_unit(match["unit"], org)
        if not name or (facts.brand and facts.brand in name):
            return
        weight = base + (1.0 if _INSTITUTION_RE.search(name) else 0.0) + min(len(name), 16) / 10
        proposals.append((name, match.start("unit"), match.end("unit"), weight))

    for start, end in outside[:60]:
        stop = min(end, start + 3000)
        for match in _INSPECTED_RE.finditer(norm, start, stop):
            propose(match, 3.0)
            alias = match["alias"] or ""
            inner = _ALIAS_RE.match(alias)
            if inner:
                name = clean_unit(inner["alias"], None)
                if name:
                    at = match.start("alias") + inner.start("alias")
                    proposals.append((re.sub(rf"(?:{_ORG})$", "", name), at, at + len(inner["alias"]), 2.0))
        for match in _FEEDBACK_TO_RE.finditer(norm, start, stop):
            propose(match, 2.5)
        for match in _UNIT_LABEL_RE.finditer(norm, start, stop):
            propose(match, 2.6)
    for start, end in _title_paragraphs(view):
        region = _REGION_TITLE_RE.match(norm, start, end)
        if region:
            propose(region, 3.4)
            continue
        told = _FEEDBACK_TITLE_RE.search(norm, start, end)
        if told:
            which = "unit" if told["unit"] else "unit2"
            name = clean_unit(told[which], told["org"] if which == "unit" else None)
            if name and not (facts.brand and facts.brand in name):
                proposals.append((name, told.start(which), told.end(which), 2.3 + min(len(name), 16) / 10))
        titled = _TITLE_UNIT_RE.search(norm, start, end)
        if titled:
            propose(titled, 2.4)
            continue
        ledger = _LEDGER_TITLE_RE.match(norm, start, end) or _ORG_LINE_RE.match(norm, start, end)
        if ledger:
            propose(ledger, 2.2)
    for paragraph in view.paragraphs[:6]:
        addressed = _ADDRESSEE_RE.fullmatch(norm, paragraph.start, paragraph.end)
        if addressed:
            propose(addressed, 3.2)
    for start, end in _labelled_cells(view):
        named = re.compile(r"(?P<unit>[^\n]{3,40})").match(norm, start, end)
        if named:
            propose(named, 3.2)
    for start, end in _cover_cells(view):
        named = _NAME_CELL_RE.fullmatch(norm, start, end)
        if named and _INSTITUTION_RE.search(named["unit"]):
            propose(named, 1.0)
    sign = _signature(view)
    if sign:
        signed = _SIGN_RE.match(norm[sign[0] : sign[1]])
        if signed and (signed["org"] or _INSTITUTION_RE.search(signed["unit"].strip())):
            name = clean_unit(signed["unit"], signed["org"])
            if name and not (facts.brand and facts.brand in name):
                proposals.append((name, sign[0], sign[1], 2.6 + min(len(name), 16) / 10))
    facts.names = [name for name, *_ in proposals]
    if proposals:
        best = max(proposals, key=lambda item: item[3])
        longer = [
            item for item in proposals if item[0].endswith(best[0]) and len(best[0]) < len(item[0]) <= len(best[0]) + 8
        ]
        name, start, end, _ = max(longer, key=lambda item: len(item[0])) if longer else best
        own = re.sub(r"\s+", "", view.text[start:end])
        text = clean_unit(own, None) or name
        if name.endswith("委") and not text.endswith("委"):
            text += "委"
        _put(view, facts, "unit", _with_place(view, facts, text), start, end)


def _with_place(view: View, facts: Facts, name: str) -> str:
    """Return a name that begins with a bare 市, 县 or 区 with the one place the paper speaks of, else as it is."""
    if facts.brand or name[:1] not in "市县区省州":
        return name
    norm = view.norm
    places = {match["place"] + match["level"] for match in _PLACE_RE.finditer(norm) if match["level"] == name[0]}
    places |= set(re.findall(rf"[一-龥]{{2,3}}{name[0]}(?={re.escape(fold(name[1:]))})", norm))
    places = {place for place in places if not _BAD_PLACE_RE.search(place)}
    return places.pop() + name[1:] if len(places) == 1 else name


_BAD_PLACE_RE = re.compile(
    r"[共对由经向于的和与及按在从全各本该是为被将把据照]|统一|要求|根据|上级|我们|第[一二三四五六七八九十]"
    r"|组织|中央|反馈|落实|关于|贯彻|配合|接受|巡察|开展|部门|届|轮|年"
)


def _labelled_cells(view: View) -> list[tuple[int, int]]:
    """Return cells that stand behind a cell or words naming the inspected or reporting unit."""
    found = []
    for table in view.tables:
        for cell, following in pairwise(table.cells):
            word = view.norm[cell.start : cell.end].strip(" :")
            if cell.row == following.row and _UNIT_CELL_RE.fullmatch(word):
                found.append((following.start, following.end))
    return found


_NAME_CELL_RE = re.compile(rf"\s*(?:中共)?(?P<unit>[一-龥]{{4,24}}?)(?P<org>{_ORG}|委员会)?\s*")


def _cover_cells(view: View) -> list[tuple[int, int]]:
    """Return cells that stand alone in one of the first rows of a table, as a name on a cover does."""
    found = []
    for table in view.tables[:3]:
        top = [cell for cell in table.cells if cell.row <= 3]
        rows = Counter(cell.row for cell in top)
        found.extend((cell.start, cell.end) for cell in top if rows[cell.row] == 1 and cell.end - cell.start <= 30)
    return found


_UNIT_CELL_RE = re.compile(
    r"被巡察(?:单位|党组织)|被巡视(?:单位|党组织)|被审计单位|填报单位|报送单位|单位名称|被检查单位"
    r"|被督察单位|整改单位名称"
)


def _title_paragraphs(view: View) -> list[tuple[int, int]]:
    """Return the first paragraphs and the top cells of tables that read like the paper's title."""
    titles: list[tuple[int, int]] = []
    seen = 0
    for paragraph in view.paragraphs:
        if paragraph.table >= 0:
            table = view.tables[paragraph.table]
            rows = Counter(cell.row for cell in table.cells if cell.row <= 3)
            titles.extend(
                (cell.start, cell.end)
                for cell in table.cells
                if cell.row <= 3 and cell.end - cell.start <= 60
                and (cell.column_span > 1 or cell.column == 0 or rows[cell.row] == 1)
                and _DOCUMENT_WORD_RE.search(view.norm[cell.start : cell.end].strip())
            )  # fmt: skip
            continue
        seen += 1
        text = view.norm[paragraph.start : paragraph.end].strip()
        titled = _DOCUMENT_WORD_RE.search(text) or "关于" in text[:40] or _ORG_LINE_RE.match(text) or "公开" in text
        if seen <= 12 and 4 <= len(text) <= 90 and titled and "。" not in text:
            titles.append((paragraph.start, paragraph.end))
    return titles


def _tail_paragraphs(view: View) -> list[tuple[int, int]]:
    plain = [(item.start, item.end) for item in view.paragraphs if item.table < 0]
    return plain[-16:]


def _signature(view: View) -> tuple[int, int] | None:
    """Return the range of the signing body: the short line before the closing date."""
    tail = _tail_paragraphs(view)
    for index in range(len(tail) - 1, -1, -1):
        start, end = tail[index]
        text = view.norm[start:end].strip()
        dates = find_dates(text)
        if dates and dates[-1].end >= len(text) - 1 and len(text) <= 60 and dates[-1].day:
            head = text[: dates[-1].start].strip()
            if head:
                return (start, start + len(view.norm[start:end]) - len(view.norm[start:end].lstrip()) + len(head))
            if index:
                before = tail[index - 1]
                words = view.norm[before[0] : before[1]].strip()
                if 3 <= len(words) <= 40 and not re.search(r"[。;:,]", words):
                    return before
            return None
    return None


# ── who inspected ─────────────────────────────────────────────────────────────────────────────────────────────────
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
    _put(view, facts, "inspecting_body", re.sub(r"\s+", "", view.text[start : best[2]]), start, best[2])


# ── dates ─────────────────────────────────────────────────────────────────────────────────────────────────────────
_FIXABLE_RE = re.compile(r"(?P<year>20\d\d)年(?P<digits>\d{3,4})日|(?P<all>20\d\d\d{3,4})日")


def split_damaged(digits: str) -> tuple[int, int] | None:
    """Return the only month and day that *digits* of a date without 月 can mean, or None when none or several can."""
    readings = []
    for cut in (1, 2):
        month, day = digits[:cut], digits[cut:]
        if (
            day
            and day[0] != "0"
            and month[0] != "0"
            and 1 <= int(month) <= 12
            and 1 <= int(day) <= 31
            and len(day) <= 2
        ):
            readings.append((int(month), int(day)))
    return readings[0] if len(readings) == 1 else None


def _dates_with_damage(norm: str, start: int, end: int) -> list[FoundDate]:
    """Return the dates of a range, damaged ones included where only one reading is possible."""
    dates = find_dates(norm, start, end)
    for match in _FIXABLE_RE.finditer(norm, start, end):
        year, digits = (match["year"], match["digits"]) if match["year"] else (match["all"][:4], match["all"][4:])
        parts = split_damaged(digits)
        if parts:
            dates.append(FoundDate(int(year), parts[0], parts[1], match.start(), match.end()))
    dates = [
        date
        for date in dates
        if not any(other is not date and other.start <= date.start and date.end < other.end for other in dates)
    ]
    return sorted(dates, key=lambda date: date.start)


def _sentences(norm: str, start: int, end: int) -> list[tuple[int, int]]:
    cuts = [match.end() for match in re.finditer(r"[。;\n]", norm[start:end])]
    places = [0, *cuts, end - start]
    return [(start + left, start + right) for left, right in pairwise(places) if right > left]


def _find_inspection_dates(view: View, facts: Facts, outside: list[tuple[int, int]]) -> None:
    norm = view.norm
    for start, end in outside[:60]:
        for left, right in _sentences(norm, start, min(end, start + 3000)):
            text = norm[left:right]
            if not re.search(_INSPECT + "|进驻", text):
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
                _put(view, facts, "inspection_start", opening, first.start, first.end)
                _put(view, facts, "inspection_end", closing, second.start, second.end)
                return


def _find_feedback_date(view: View, facts: Facts, outside: list[tuple[int, int]]) -> None:
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
                        inherited = later[0] if later else None
                    iso = date.iso(inherited)
                    if iso and "截" not in norm[max(left, date.start - 3) : date.start]:
                        _put(view, facts, "feedback_date", iso, date.start, date.end)
                        return
                at = norm.find("反馈", at + 2, right)
            for date in dates:
                year = date.year or year
    for match in _OPINION_DATE_RE.finditer(norm[:4000]):
        dates = find_dates(norm, match.end(), min(match.end() + 14, len(norm)))
        if dates and dates[0].start == match.end():
            _put(view, facts, "feedback_date", dates[0].iso(), dates[0].start, dates[0].end)


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
                _put(view, facts, "as_of", dates[0].iso(year), dates[0].start, dates[0].end)
                if "as_of" in facts.values:
                    return


_META_DATE_RE = re.compile(
    r"(?:成文日期|成文时间|印发日期|制定日期|填报(?:日期|时间)|填表(?:日期|时间)|制表(?:日期|时间)"
    r"|编制(?:日期|时间)|会议时间|(?<=\n)时间(?=[:：]20)|报送(?:日期|时间))\s?[::]?\s*"
)


_CLOSING_DATE_RE = re.compile(
    r"(?:党组|党委|委员会|支部|局|院|厅|公司|政府|办公室|巡察组"
    r"|巡视组)\s{1,4}(?P<date>20\d\d年\d{1,2}月\d{1,2}日)\s*$"
)
_SPEECH_RE = re.compile(r"\s*[-—]{1,4}\s?(?P<date>20\d\d年\d{1,2}月\d{1,2}日)在.{2,60}(?:会议|全会|大会)")


def _find_document_date(view: View, facts: Facts, outside: list[tuple[int, int]]) -> None:
    norm = view.norm
    for start, end in reversed(_tail_paragraphs(view)):
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
            _put(view, facts, "document_date", last.iso(), last.start, last.end)
            return
    closing = _CLOSING_DATE_RE.search(norm)
    if closing:
        dates = find_dates(norm, closing.start("date"), len(norm))
        if dates and dates[0].iso():
            _put(view, facts, "document_date", dates[0].iso(), dates[0].start, dates[0].end)
            return
    for match in _META_DATE_RE.finditer(norm):
        dates = find_dates(norm, match.end(), min(match.end() + 16, len(norm)))
        if dates and dates[0].iso():
            _put(view, facts, "document_date", dates[0].iso(), dates[0].start, dates[0].end)
            return
    for paragraph in view.paragraphs[:8]:
        speech = _SPEECH_RE.match(norm, paragraph.start, paragraph.end)
        if speech:
            dates = find_dates(norm, speech.start("date"), speech.end("date"))
            _put(
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
            _put(view, facts, "document_date", dates[0].iso(), base + dates[0].start, base + dates[0].end)
            return
