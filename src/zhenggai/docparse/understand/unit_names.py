"""The inspected unit: every place that may name it proposes a name, the best supported one is taken."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from zhenggai.docparse.understand.fact_store import Facts, put_fact
from zhenggai.docparse.understand.view import View
from zhenggai.kit.dates import find_dates
from zhenggai.kit.text import fold

_ORG = "党组|党委|总支部委员会|支部委员会|党总支|党支部|总支部|支部|党工委|分党组|机关党委"


_VERB = "开展|进行|实施|组织"


INSPECT = "巡察|巡视|督察|审计|检查|督查|督导|提级"


_NAME = r"[一-龥A-Za-z0-9·“”\s]{2,40}?"


_ALIAS_RE = re.compile(r"\s?\(以下(?:统一)?(?:简|统)称[:：]?\s?[“\"'‘]?(?P<alias>[^”\"'’)]{2,20})[”\"'’]?\)")


_UNIT_LABEL_RE = re.compile(
    r"(?:被巡察(?:单位|党组织)|被巡视(?:单位|党组织)|被审计单位|填报单位|报送单位|编制单位|整改单位"
    r"|被检查单位|单位名称|单位)\s?(?:\(盖章\)|\(公章\))?\s?[::]\s?(?P<unit>[一-龥A-Za-z()]{3,40})"
)


_INSPECTED_RE = re.compile(
    rf"(?:对|进驻|到)\s?(?:中共)?(?P<unit>{_NAME})(?P<alias>\s?\(以下(?:统一)?(?:简"
    rf"|统)称[^)]{{2,24}}\))?\s?(?P<org>{_ORG}|委员会)?(?:领导班子)?(?:\(以下(?:统一)?(?:简"
    rf"|统)称[^)]{{2,24}}\))?(?:及其[^,。]{{0,12}})?\s?(?:20\d\d年[^,。]{{0,24}})?(?:{_VERB})(?:了)?(?:为期[^,。]{{1,12}}的?)?[^,。;]{{0,14}}(?:{INSPECT})"
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
    rf"(?:20\d\d年(?:度)?)?(?:中共)?(?P<unit>[一-龥]{{2,22}}?(?:{_SUFFIX})(?:(?:附属|直属|第[一二三四五六七八九十])[一-龥]{{1,12}}?(?:{_SUFFIX}))?)(?P<org>党组|党委|党总支"
    rf"|党支部)?(?=[^。]{{0,24}}(?:整改|问题|督查|检查|自查|反馈))"
)


_WHOLE_TITLE_RE = re.compile(
    rf"(?:20\d\d年(?:度)?)?(?:中共)?(?P<unit>(?:(?!巡察|巡视|整改|问题|关于|审计(?!局|厅|署|处|办)|督察|检查|反馈|落实|党[组委总支工建员])[一-龥()])"
    rf"{{2,26}}(?:{_SUFFIX}|秘书处|分院|支行|分行|学会|学部|科|处|所|卫生院|卫生室|幼儿园|宣传部|组织部|统战部|社会工作部|政法委|党校|编办))(?P<org>党组|党委|党总支|党支部)?"
    rf"(?=党|关于|落实|贯彻|[“\"]|20\d\d|巡|整改|问题|反馈|审计|自查|检查|督|领导班子|机关|专项|对照|涉粮|第|年)"
    rf"(?=[^。]{{0,24}}(?:整改|问题|督查|检查|自查|反馈))"
)
"""The whole name before 党支部巡察整改…: the longest run of words that ends like an institution."""


_REGION_TITLE_RE = re.compile(
    r"(?P<unit>[一-龥]{2,8}?(?:自治区|省|市|县|区|州|盟|旗))(?:公开|贯彻落实|落实|关于|生态环境保护督察"
    r"|环境保护督察|20\d\d年|第[一二三四五]轮|中央|省级?)(?=[^。]{0,60}督察)"
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


_DOCUMENT_WORD_RE = re.compile(
    r"(?:表|通报|报告|方案|公告|公示|意见|情况|台账|清单|汇报|反馈|函|说明)[”’]?(?:\([^)]*\))?$"
)


def clean_unit(words: str, org: str | None) -> str:
    """Return a unit's name without 中共 and blanks, an empty string when the words are no name."""
    words = re.sub(r"\s+", "", words).strip("“”\"'《》,。、()")
    words = re.sub(r"^(?:关于)?(?:对|向)?(?:中国共产党|中共|共(?!青团)(?=[一-龥]{2,4}[市县区省州]))?", "", words)
    words = words.removesuffix("部务会")
    for lead in ("对", "向", "由", "经", "于"):
        words = words.removeprefix(lead)
    if org == "委员会" and re.search(r"(?:省|市|县|区|州|旗|镇|乡)$", words):
        words += "委"
    if len(words) < 2 or _BAD_UNIT_RE.search(words):
        return ""
    return words


_ANSWERS_RE = re.compile(r"整改[^。\n]{0,12}(?:情况|进展|报告|落实)")
"""Titles of papers that the inspected body sends upwards: who is addressed in them is not who was inspected."""


def find_unit(view: View, facts: Facts, outside: list[tuple[int, int]]) -> None:
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
        ledger = (
            _WHOLE_TITLE_RE.match(norm, start, end)
            or _LEDGER_TITLE_RE.match(norm, start, end)
            or _ORG_LINE_RE.match(norm, start, end)
        )
        if ledger:
            propose(ledger, 2.2)
    title = "\n".join(norm[start:end] for start, end in _title_paragraphs(view)[:3])
    for paragraph in view.paragraphs[:6]:
        addressed = _ADDRESSEE_RE.fullmatch(norm, paragraph.start, paragraph.end)
        if addressed and not _ANSWERS_RE.search(title):
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
    if not proposals and facts.brand:
        # Where a foreign brand took the place of the name, the short form beside it is all that is left of it.
        alias = _ALIAS_RE.search(norm[:3000])
        name = clean_unit(re.sub(rf"(?:{_ORG})$", "", alias["alias"]), None) if alias else ""
        if alias and name and facts.brand not in name:
            proposals.append((name, alias.start("alias"), alias.start("alias") + len(name), 1.0))
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
        put_fact(view, facts, "unit", _with_place(view, facts, text), start, end)


def _with_place(view: View, facts: Facts, name: str) -> str:
    """Return a name that begins with a bare 市, 县 or 区 with the one place the paper speaks of, else as it is."""
    if facts.brand or name[:1] not in "市县区省州":
        return name
    norm = view.norm
    places = {match["place"] + match["level"] for match in _PLACE_RE.finditer(norm) if match["level"] == name[0]}
    places |= set(re.findall(rf"[一-龥]{{2,3}}{name[0]}(?={re.escape(fold(name[1:]))})", norm))
    places = {place for place in places if not BAD_PLACE_RE.search(place)}
    return places.pop() + name[1:] if len(places) == 1 else name


BAD_PLACE_RE = re.compile(
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
    found: list[tuple[int, int]] = []
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


def tail_paragraphs(view: View) -> list[tuple[int, int]]:
    plain = [(item.start, item.end) for item in view.paragraphs if item.table < 0]
    return plain[-16:]


def _signature(view: View) -> tuple[int, int] | None:
    """Return the range of the signing body: the short line before the closing date."""
    tail = tail_paragraphs(view)
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
