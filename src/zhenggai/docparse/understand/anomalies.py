"""Damage and contradictions, reported with a hint and never mended.

Silence is better than a wrong accusation: every kind has its own proof, and a clean paper gives none.
"""

from __future__ import annotations

import re
from collections import Counter

from zhenggai.docparse.draft import Anomaly, DraftFinding, Span
from zhenggai.docparse.understand.counts import Counts
from zhenggai.docparse.understand.nodes import Roles
from zhenggai.docparse.understand.outline import Node
from zhenggai.docparse.understand.view import Paragraph, View
from zhenggai.kit.damage import DAMAGED_DATE_RE, date_hint, is_sound_day
from zhenggai.kit.text import CJK, simplify_character

_UNIT_NOUN = r"(?:整改事项|整改任务|整改措施|整改举措|具体问题|问题|措施|事项|任务|举措|方面|大类)"
_GLUED_RE = re.compile(
    rf"\d{{1,3}}\s?个?(?:大)?(?:方面|大类|类)\s?(?P<glued>\d{{3,6}})\s?(?:个|项"
    rf"|条)\s?{_UNIT_NOUN}(?:\s?\d{{1,5}}(?:个|项|条)?\s?{_UNIT_NOUN})?"
)
_NAKED_RE = re.compile(rf"(?:个|项|条){_UNIT_NOUN}(?P<naked>\d{{1,5}}{_UNIT_NOUN})")
_OCR_RE = re.compile(
    r"�|(?<=\d)[OoIl](?=\d)|(?<=[年月第共])[OoIl]\d|\d[Oo](?=[年月日个项条])|\([lI]\)|(?:^|\n)[lI]\s?[.、]"
)


def find_damage(view: View, listed: int) -> tuple[list[Anomaly], list[tuple[int, int]]]:
    """Return anomalies of lost characters beside digits, and the working ranges that state nothing reliable.

    Args:
        view: Working view.
        listed: How many problems the paper lists.
    """
    anomalies: list[Anomaly] = []
    ranges: list[tuple[int, int]] = []
    norm = view.norm
    for pattern in (_GLUED_RE, _NAKED_RE):
        for match in pattern.finditer(norm):
            start, end = match.span()
            if any(low < end and start < high for low, high in ranges):
                continue
            if pattern is _GLUED_RE and not _implausible(match, listed):
                continue
            if pattern is _NAKED_RE:
                start = _number_before(norm, match.start())
            ranges.append((start, end))
            anomalies.append(
                _at(view, "damaged_count", start, end, "数字相连处可能缺字或缺标点，请对照原件核对各项数目。")
            )
    for match in DAMAGED_DATE_RE.finditer(norm):
        if is_sound_day(norm, match):
            continue
        start, end = match.span()
        ranges.append((start, end))
        anomalies.append(_at(view, "damaged_date", start, end, date_hint(match)))
    return anomalies, ranges


def _implausible(match: re.Match[str], listed: int) -> bool:
    """Tell whether a number glued to 方面 cannot be what was meant: no measure word follows it on, or it is far too large."""
    if re.search(rf"\d{_UNIT_NOUN}$", match[0]):
        return True
    value = int(match["glued"])
    return bool(listed) and value > 5 * listed and (value > 999 or match["glued"].endswith(str(listed)))


def _number_before(norm: str, at: int) -> int:
    start = at
    while start > 0 and norm[start - 1].isdigit():
        start -= 1
    return start


def _at(view: View, kind: str, start: int, end: int, hint: str) -> Anomaly:
    return Anomaly(kind, view.text[start:end].strip(), view.span(start, end), hint)


def _in_document(text: str, kind: str, span: Span, hint: str) -> Anomaly:
    return Anomaly(kind, text[span[0] : span[1]], span, hint)


# ── the text itself ───────────────────────────────────────────────────────────────────────────────────────────────
def find_text_anomalies(view: View, source: str) -> list[Anomaly]:
    """Return anomalies of the writing: invisible characters, glosses, script, wrapping, recognition."""
    found = []
    hint = f"文中有 {len(view.zero_width)} 处不可见字符，读取时已略过，请核对来源。"
    for start, end in view.zero_width[:_REPEATED]:
        span = (_line_start(source, start, 8), min(end + 6, len(source)))
        found.append(_in_document(source, "zero_width_characters", span, hint))
    hint = f"文中有 {len(view.glosses)} 处汉字后夹注拼音，疑为转载时混入，读取时已略过。"
    for start, end in view.glosses[:_REPEATED]:
        following = end + 1 if source[end : end + 1].strip() else end
        found.append(_in_document(source, "pinyin_gloss", (max(start - 1, 0), following), hint))
    if view.wrapped:
        found.append(
            _in_document(
                source, "hard_wrapped_text", view.wrapped, "正文按固定宽度折行，读取时已按段落拼接，请核对段落起止。"
            )
        )
    script = _traditional(view)
    if script:
        found.append(
            _at(view, "traditional_script", script[0], script[1], "文中使用繁体字，读取时按简体比对、按原文保留。")
        )
    hint = "字间夹有空格，疑为扫描识别所得，请对照原件核对。"
    found.extend(_in_document(source, "ocr_like_text", span, hint) for span in view.spaced)
    ocr = _recognised(view)
    if ocr:
        found.append(ocr)
    return found


_REPEATED = 40
"""How many places of the same damage are listed."""


def _line_start(source: str, at: int, most: int) -> int:
    return max(source.rfind("\n", 0, at) + 1, at - most, 0)


def _traditional(view: View) -> tuple[int, int] | None:
    """Return the first traditional passage when at least one character in twenty is traditional."""
    distinct = {char for char in set(view.text) if "\u4e00" <= char <= "\u9fff" and simplify_character(char) != char}
    if not distinct:
        return None
    pattern = re.compile("[" + "".join(map(re.escape, sorted(distinct))) + "]")
    hits = pattern.findall(view.text)
    total = len(re.findall(f"[{CJK}]", view.text))
    if len(hits) < 10 or len(distinct) < 5 or len(hits) * 20 < total:
        return None
    match = pattern.search(view.text)
    if match is None:
        return None
    line = view.text.rfind("\n", 0, match.start()) + 1
    stop = view.text.find("\n", match.start())
    return max(line, match.start() - 40), min(stop if stop != -1 else len(view.text), match.start() + 60)


def _recognised(view: View) -> Anomaly | None:
    hits = list(_OCR_RE.finditer(view.norm))
    strong = [match for match in hits if match[0] == "�"]
    if strong or len(hits) >= 2:
        match = (strong or hits)[0]
        start, end = max(match.start() - 4, 0), min(match.end() + 6, len(view.norm))
        return _at(
            view, "ocr_like_text", start, end, "数字与字母混淆或有无法识别的字符，疑为扫描识别所得，请对照原件核对。"
        )
    return None


def find_quote_anomalies(view: View) -> list[Anomaly]:
    """Return paragraphs whose Chinese quotation marks do not close."""
    found = []
    for paragraph in view.paragraphs:
        if paragraph.table >= 0:
            continue
        text = view.norm[paragraph.start : paragraph.end]
        for opening, closing in (("“", "”"), ("‘", "’")):
            if opening not in text and closing not in text:
                continue
            place = _unbalanced(text, opening, closing)
            if place is not None:
                start, end = _clause_around(view.norm, paragraph, paragraph.start + place)
                mark = f"缺少{closing}" if text[place] == opening else f"多出{closing}或缺少{opening}"
                found.append(_at(view, "unbalanced_quotes", start, end, f"引号不成对，{mark}，请核对引文起止。"))
    return found


def _clause_around(norm: str, paragraph: Paragraph, at: int) -> tuple[int, int]:
    """Return the clause with the stray mark, without the number before it."""
    start = at
    while start > paragraph.start and at - start < 24 and norm[start - 1] not in "。;,、.)：:":
        start -= 1
    end = at + 1
    while end < paragraph.end and end - at < 40 and norm[end] not in "。;\n":
        end += 1
    return start, end


def _unbalanced(text: str, opening: str, closing: str) -> int | None:
    open_at: list[int] = []
    for index, char in enumerate(text):
        if char == opening:
            open_at.append(index)
        elif char == closing:
            if not open_at:
                return index
            open_at.pop()
    # Writers reopen quotes in each paragraph of a long quotation; one open mark at the very start is that habit.
    if open_at and not (open_at == [0] and len(text) > 100):
        return open_at[0]
    return None


# ── numbering ─────────────────────────────────────────────────────────────────────────────────────────────────────
_KINDS = {"skip": "numbering_skipped", "duplicate": "numbering_duplicate", "restart": "numbering_restart"}


def find_numbering(view: View, roles: Roles) -> list[Anomaly]:
    """Return breaks in the numbers of problems, aspects and numbered measures."""
    found = []
    seen: set[Node] = set()
    heads = [*roles.findings, *roles.aspects.values(), *roles.parents.values()]
    watched = [
        *heads,
        *(
            item
            for node in roles.findings
            for label in node.children
            if label.kind == "label"
            for item in label.items()
        ),
    ]
    watched += [item for node in roles.findings for item in node.items()]
    for node in watched:
        if node in seen or node.unit is None:
            continue
        seen.add(node)
        kind = node.numbering
        if node.style.startswith("multi") and node.value == 1:
            continue
        if not kind or not node.unit.number or node.style in ("yishi", "first", "sign", "bullet", "yiyao", "qiyi"):
            continue
        end = min(node.stop, node.content + 20)
        found.append(_at(view, _KINDS[kind], node.start, end, _numbering_hint(kind, node)))
    found.extend(_first_numbers(view, roles))
    return found


def _first_numbers(view: View, roles: Roles) -> list[Anomaly]:
    """Report a list of problems under one heading that does not begin where the list before ended or at 1."""
    found = []
    last: dict[str, int] = {}
    latest = 0
    groups: dict[Node | None, bool] = {}
    for node in roles.findings:
        if node.unit is None or not node.value or node.inline:
            continue
        first = node.parent not in groups
        follows = node.value == latest + 1
        latest = node.value
        groups[node.parent] = True
        before = last.get(node.style)
        if follows:
            last[node.style] = node.value
            continue
        if first and before is not None and node.value not in (1, before + 1) and not node.numbering:
            kind = "duplicate" if node.value == before else "skip" if node.value > before else "restart"
            node.expected = before + 1
            end = min(node.stop, node.content + 20)
            found.append(_at(view, _KINDS[kind], node.start, end, _numbering_hint(kind, node)))
        elif first and before is None and node.value > 1 and not node.numbering:
            node.expected = 1
            found.append(
                _at(
                    view,
                    "numbering_skipped",
                    node.start,
                    min(node.stop, node.content + 20),
                    _numbering_hint("skip", node),
                )
            )
        last[node.style] = node.value
    return found


def _numbering_hint(kind: str, node: Node) -> str:
    number = node.unit.number if node.unit else ""
    if kind == "duplicate":
        return f"编号“{number}”重复出现，请核对编号。"
    if kind == "skip":
        return f"编号“{number}”之前应为第 {node.expected} 项，可能缺项或编号有误。"
    return f"编号从“{number}”重新开始，前一项之后应为第 {node.expected} 项，请核对。"


# ── what is declared against what is listed ───────────────────────────────────────────────────────────────────────
_EXCERPT_RE = re.compile(
    r"(?:主要|部分|重点|典型)[^。,;]{0,12}(?:问题|事项|任务)[^。,;]{0,10}(?:整改)?[^。,;]{0,8}(?:摘要|摘编|节选|择要)|摘要(?:公布|公开|如下|通报)|(?:择要|摘要|节选)[^。;]{0,6}(?:公布|公开|通报|公示)"
    r"|本次(?:报告|通报|公开|公示|反馈)[^,。;]{0,6}\d+(?:个|项|条)"
)
"""Words that say the paper lists only some of the problems."""


def find_mismatches(view: View, counts: Counts, findings: list[DraftFinding], aspects: int) -> list[Anomaly]:
    """Return declared counts that contradict the items listed or each other."""
    found = []
    values = counts.values

    def report(name: str, hint: str) -> None:
        span = counts.spans.get(name, (0, 0))
        found.append(Anomaly("count_mismatch", "", span, hint))

    total = values.get("findings")
    excerpt = _EXCERPT_RE.search(view.norm[:4000]) is not None
    if total is not None and not excerpt and findings and len(findings) != total and counts.of_problems:
        groups = {(item.parent_no, item.parent_title) for item in findings if item.parent_title}
        if total != len(groups) + sum(1 for item in findings if not item.parent_title):
            report("findings", f"文中称共 {total:g} 个问题，实际列出 {len(findings)} 个。")
    declared = values.get("aspects")
    if (
        declared is not None
        and aspects
        and declared != aspects
        and counts.classes != aspects
        and len(findings) != declared
    ):
        report("aspects", f"文中称 {declared:g} 个方面，实际列出 {aspects} 个。")
    parts = [values[name] for name in ("completed", "phased", "ongoing", "not_completed") if name in values]
    if total is not None and len(parts) >= 2 and sum(parts) != total:
        report("findings", f"各类整改状态合计 {sum(parts):g} 个，与问题总数 {total:g} 个不符。")
    elif total is not None and len(parts) == 1 and parts[0] > total:
        report("findings", f"已完成 {parts[0]:g} 个多于问题总数 {total:g} 个。")
    rate = values.get("rate_percent")
    if rate is not None and total and "completed" in values:
        actual = values["completed"] / total * 100
        if abs(actual - rate) > 1.0:
            report("rate_percent", f"完成率称 {rate:g}%,按 {values['completed']:g}/{total:g} 计算为 {actual:.1f}%。")
    measures = values.get("measures")
    listed = sum(len(item.measures) for item in findings)
    if measures is not None and not excerpt and listed and measures != listed:
        report("measures", f"文中称 {measures:g} 条措施，实际列出 {listed} 条。")
    return found


def find_missing(findings: list[DraftFinding]) -> list[Anomaly]:
    """Return problems that lack what their sisters have: measures, or a title."""
    found = []
    having = sum(1 for item in findings if item.measures)
    for item in findings:
        if not item.title:
            found.append(Anomaly("empty_title", item.no, item.span, "该项没有问题标题，请补录。"))
        elif not item.measures and having * 10 >= len(findings) * 7 and having >= 2:
            found.append(
                Anomaly(
                    "missing_measures",
                    item.title,
                    item.title_span,
                    "其他问题都写有整改措施或整改情况，此项未见，请核对是否遗漏。",
                )
            )
    return found


def find_date_order(facts: dict[str, str], spans: dict[str, Span]) -> list[Anomaly]:
    """Return dates that cannot follow each other: an end before its start, feedback before the inspection began."""
    found = []
    pairs = (
        ("inspection_start", "inspection_end", "巡察结束日期早于开始日期"),
        ("inspection_start", "feedback_date", "反馈日期早于巡察开始日期"),
        ("feedback_date", "as_of", "统计截止日期早于反馈日期"),
        ("feedback_date", "document_date", "落款日期早于反馈日期"),
    )
    for first, second, words in pairs:
        if first in facts and second in facts:
            length = min(len(facts[first]), len(facts[second]))
            if facts[second][:length] < facts[first][:length]:
                found.append(Anomaly("date_order", facts[second], spans.get(second, (0, 0)), f"{words},请核对。"))
    return found


# ── a foreign token in the unit's place ───────────────────────────────────────────────────────────────────────────
_AFTER_NAME = (
    r"党组|党委|党总支|党支部|要闻|\(以下|党|关于|管理|内部|落实|领导|全面|机关|政务|发[”\"]"
    r"|[一-龥]{1,6}(?:办法|制度|方案|规则|实施|意见|细则|手册|清单|工作)"
)
_SLOT_RE = re.compile(
    r"(?:(?<=中共)|(?<=对)|(?<=[《“])|(?<=年)|(?<=\n)|^|(?<=[,。;、]))"
    rf"(?P<token>[一-龥A-Za-z0-9·.]{{2,12}}?)(?: (?={_AFTER_NAME})|(?=党组|党委))"
)
_INSTITUTIONAL_RE = re.compile(
    r"(?:院|局|委|厅|署|办|校|学|中心|公司|集团|银行|政府|街道|镇|乡|县|区|市|省|州|旗|村|社区|党组|党委"
    r"|支部|年|月|日|第|部|系|处"
    r"|科|室|厂|矿|单位|组织|机关|通报|报告|方案|同志|书记|工作|(?:委员|协|联合|学|商|工|研究|基金|常委"
    r"|理事|董事|总|分)会|(?:事务|研究|派出|招待)所"
    r"|(?:工作|服务|监测|检查|汽车|火车)站|(?:支|总|大|中)队|(?:图书|博物|档案|文化|科技)馆|(?:报|通讯|出版"
    r"|合作|供销|联|信用)社|妇联|团委|文联|残联|侨联|科协|政协|人大|企业|项目|园|场|台|港|铁路|基地|各级"
    r"|上级|全体|本级|我们|巡察组|督察组)$"
)


def find_brand(view: View) -> tuple[str, list[tuple[int, int]]]:
    """Return a foreign token that stands where the unit's name should, with the places where it stands.

    The proof: one short token, no name of an institution, followed by a blank, stands at least three times in places of
    different kinds that belong to the unit's name (before 党组, after 中共, inside 《》, as the site's name).
    """
    counter: Counter[str] = Counter()
    kinds: dict[str, set[str]] = {}
    places: dict[str, list[tuple[int, int]]] = {}
    for match in _SLOT_RE.finditer(view.norm):
        token = match["token"]
        token = re.split(r"中共|[对向]", token)[-1]
        if len(token) < 2 or _INSTITUTIONAL_RE.search(token) or token.isdigit():
            continue
        counter[token] += 1
        before = view.norm[max(0, match.start("token") - 2) : match.start("token")]
        after = view.norm[match.end() : match.end() + 4].lstrip()
        kind = (
            "sign"
            if before.endswith("中共")
            else "book"
            if before[-1:] in "《“"
            else "party"
            if after.startswith(("党组", "党委", "党"))
            else "other"
        )
        kinds.setdefault(token, set()).add(kind)
        places.setdefault(token, []).append((match.end("token") - len(token), match.end("token")))
    for token, count in counter.most_common(3):
        blanks = view.norm.count(token + " ")
        if count < 3 or len(kinds[token]) < 2 or _is_plain_word(view.norm, token):
            continue
        if blanks >= 2 or _GAMBLING_RE.search(token):
            return token, places[token]
    return "", []


_GAMBLING_RE = re.compile(r"娱乐|体育|直播|彩票|棋牌|平台|官网|下载|电竞|博彩|投注|app|bet|sport|\d{2,}", re.IGNORECASE)


def _is_plain_word(norm: str, token: str) -> bool:
    """Tell whether *token* also stands without a following blank often, as a real name or word would."""
    total = norm.count(token)
    spaced = norm.count(token + " ") + norm.count(token + "\n") + norm.count(token + ">")
    return total > 0 and spaced * 2 < total


def report_brand(view: View, token: str, places: list[tuple[int, int]]) -> list[Anomaly]:
    """Return the anomaly that names the foreign token, once, at its first place."""
    if not token:
        return []
    start, end = places[0]
    return [
        _at(
            view,
            "foreign_brand",
            start,
            end,
            f"“{token}”不是机构名称，却在单位名称的位置出现 {len(places)} 处以上，疑为转载网站混入，单位名称请核对原件。",
        )
    ]
