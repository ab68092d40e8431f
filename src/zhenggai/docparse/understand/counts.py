"""Declared counts: how many aspects, problems, measures, and how many are done, as the paper itself states.

Clauses are read one after another with a running subject, so that counts of petitions, clues, immediate fixes or common
problems of other units are not taken for the problems of this paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhenggai.docparse.draft import Span
from zhenggai.docparse.understand.view import View
from zhenggai.kit.chinese_numerals import parse_chinese_number

_N = r"(?P<n>\d{1,5}|[一二三四五六七八九十百两]{1,5})"
_UNIT = r"(?:个|项|条|类|处|件|宗|方面|点)"
_THING = (
    r"(?:(?:方面)?(?:的)?(?:具体|主要|突出|反馈|存在|巡察|巡视|个性|审计|查出|整改|细化|督察|实际"
    r"|方面的?)*(?:问题|整改事项|整改任务|任务|事项))"
)
_FINDINGS_RE = re.compile(
    rf"(?<![\d.第一二三四五六七八九十百]){_N}(?:\s?(?:个|项|条|类|处|宗)\s?|(?=问题|具体问题))(?:大类)?(?:(?:具体|主要|突出|细化"
    rf"|反馈|个性|具体的|整改|巡察|巡视|审计|督察|存在|查出|的)*)(?P<thing>问题|整改事项|整改任务|任务"
    rf"|事项)"
    rf"|(?P<thing2>问题|整改任务|整改事项|反馈意见)\s?(?:共|共计|总计|总数|合计|有|数)?\s?(?P<n2>\d{{1,5}}"
    rf"|[一二三四五六七八九十百两]{{1,5}})\s?(?:个|项|条|处)(?!方面|大类|类|月|工作日)"
)
_ASPECTS_RE = re.compile(rf"(?<![\d.第一二三四五六七八九十百]){_N}\s?(?:个|大)\s?(?:大)?(?:方面|板块)")
_CLASSES_RE = re.compile(rf"(?<![\d.第一二三四五六七八九十百]){_N}\s?(?:个)?(?:大类|大方面|类)(?!似|别|型)")
_MEASURES_RE = re.compile(
    rf"(?<![\d.第一二三四五六七八九十百]){_N}\s?(?:条|项|个)\s?(?:具体|细化"
    rf"|针对性)*(?:的)?(?:整改)?(?:落实)?(?:措施|举措)|(?:整改)?(?:措施|举措)\s?(?:共"
    rf"|共计)?\s?(?P<n2>\d{{1,4}})\s?(?:条|项|个)"
)
_RATE_RE = re.compile(
    r"(?:完成率|整改率|办结率|销号率|整改完成比例)\s?(?:均|已)?(?:为|达到了?|达|是"
    r"|:)?\s?(?P<n>\d{1,3}(?:\.\d+)?)\s?%"
)
_STATUS_WORDS = (
    (
        "not_completed",
        (
            r"(?:未|尚未|暂未|没有)(?:能)?(?:按期|按时|如期)?(?:完成|整改|销号|启动|整改完成|完成整改"
            r"|整改到位)(?:整改)?(?:到位)?"
        ),
    ),
    (
        "phased",
        (
            r"(?:基本完成|阶段性完成|初步完成|取得(?:了)?阶段性(?:整改)?(?:成效|成果|进展)|基本(?:整改)?到位"
            r"|达到序时进度|基本整改|基本完成取得阶段性成果)"
        ),
    ),
    (
        "ongoing",
        (
            r"(?:正在(?:整改|推进|落实|办理|抓紧|持续|有序)?(?:推进)?|持续(?:整改|推进|跟进|深化)?|长期(?:坚持|整改"
            r"|推进)|整改中|推进中|部分整改|(?:申请)?延期(?:整改)?|有序推进|仍在(?:推进|整改)|需(?:要)?(?:长期"
            r"|持续)(?:坚持|整改|推进)?|加快推进)"
        ),
    ),
    (
        "completed",
        (
            r"(?:(?:已|已经|均已|现已|全部|按期|已全部)*(?:完成整改|整改完成|整改到位|整改销号|完成销号|办结销号"
            r"|销号|整改落实到位|整改完毕|完成|整改(?!任务|事项|问题)|(?<=已)整改|解决))"
        ),
    ),
)
_STATUS_RES = tuple(
    (
        name,
        re.compile(
            rf"(?P<word>{words})(?:并持续(?:整改|推进)|并长期坚持|并持续巩固"
            rf"|的)?\s?(?:整改)?(?:的)?(?:具体)?(?:问题|任务|事项|销号问题)?\s?(?:有|共|数|为|:)?\s?(?P<n>\d{{1,5}}"
            rf"|[一二三四五六七八九十百]{{1,4}})\s?(?:个|项|条|处)"
            rf"|(?<![\d.第一二三四五六七八九十百])(?P<n2>\d{{1,5}}|[一二三四五六七八九十百]{{1,4}})\s?(?:个|项|条"
            rf"|处)\s?(?:具体)?(?:问题|任务|事项)?(?:已经|已|均已|均|目前|需|需要|还"
            rf"|为)?\s?(?P<word2>{words})(?!(?:整改|销号|到位|任务|问题)*\s?(?:的)?\d)"
            rf"(?!(?:整改)?(?:任务|事项|措施|工作|方案|清单|目标|要求|意见))"
        ),
    )
    for name, words in _STATUS_WORDS
)
_ALL_DONE_RE = re.compile(
    r"(?:全部|均)(?:已)?(?:按期|按时|如期)?(?:整改)?(?:完成(?:整改)?|整改(?:完成|到位|完毕)|销号)"
    r"|已全部(?:完成整改|整改(?:完成|到位|完毕)|销号|完成)|全面完成整改"
)
_OTHER_SCOPE_RE = re.compile(
    r"立行立改|即知即改|边巡边改|信访|线索|交办|共性|面上|基层院|基层单位|村级|村党组织|村\(|下属|所属单位"
    r"|二级单位|制度|资金|万元|案件|案\d|立案|会议|谈话|节点|项目|延伸|上一轮|上轮|专项督察|单位党组织"
    r"|风险点|规章|举报|移交|查处|培训|意见建议|建议\d|全市|全县|全区检察|各部门自查|整改建议|处分|问责"
    r"|个单位|家单位|家企业|整改资金|自查发现|回头看"
)
_STICKY_RE = re.compile(r"立行立改|即知即改|边巡边改|信访|线索|交办|共性|面上|基层院|村级|下属|延伸|上一轮|上轮|回头看")
"""Other subjects that stay the subject of the clauses behind them."""
_SELF_SCOPE_RE = re.compile(
    r"(?:反馈|巡察|巡视|督察|审计|检查|自查|查摆|梳理|指出|发现|提出|列出|涉及|细化|分解|形成|确定|明确"
    r"|整改)[^,。;]{0,24}(?:问题|任务|事项)|问题总数|(?:个|项|条)(?:具体)?(?:反馈)?问题"
)


@dataclass(slots=True)
class Counts:
    """Declared counts, and where each was read."""

    values: dict[str, int | float] = field(default_factory=dict)
    """``aspects findings completed phased ongoing not_completed measures rate_percent``."""
    spans: dict[str, Span] = field(default_factory=dict)
    """Document span of each."""
    classes: int | None = None
    """``N大类`` where the paper counts those beside 方面."""
    of_problems: bool = False
    """The count of problems says 问题, not 任务 or 事项."""


_STANDINGS = ("completed", "phased", "ongoing", "not_completed")


def _adds_up(counts: Counts) -> bool:
    """Tell whether the standings known already make up all problems, so that another count repeats one of them."""
    known = [counts.values[name] for name in _STANDINGS if name in counts.values]
    return len(known) > 1 and sum(known) == counts.values.get("findings")


def find_counts(view: View, outside: list[tuple[int, int]], damaged: list[tuple[int, int]]) -> Counts:
    """Return the declared counts.

    Each sentence is read for itself; the one that most clearly counts the problems of this paper is believed first, the
    others only add what it leaves out.

    Args:
        view: Working view.
        outside: Ranges of the working text outside problems.
        damaged: Ranges with lost characters, which state nothing reliable.
    """
    read: list[tuple[float, Counts]] = []
    known = False
    for start, end in outside:
        for left, right in _sentences(view.norm, start, end):
            text = view.norm[left:right]
            if not _ANY_NUMBER_RE.search(text):
                continue
            counts = Counts()
            weight = _read_sentence(view, left, right, damaged, counts, known)
            known = known or "findings" in counts.values
            if counts.values or counts.classes is not None:
                read.append((weight, counts))
    best = Counts()
    for _, counts in sorted(read, key=lambda item: -item[0]):
        for name, value in counts.values.items():
            if name not in best.values and not (name in _STANDINGS and _adds_up(best)):
                best.values[name] = value
                best.spans[name] = counts.spans[name]
                if name == "findings":
                    best.of_problems = counts.of_problems
        best.classes = best.classes if best.classes is not None else counts.classes
    if best.classes is not None and "aspects" not in best.values:
        best.values["aspects"] = best.classes
    return best


_ANY_NUMBER_RE = re.compile(r"\d|[一二三四五六七八九十](?:个|项|条|类|大)|全部|均")
_SENTENCE_RE = re.compile(r"[^。\n!?]+[。\n!?]?")


def _sentences(norm: str, start: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in _SENTENCE_RE.finditer(norm, start, end)]


def _clauses(norm: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Return the clauses of a range and whether each opens a sentence."""
    clauses = []
    at = start
    fresh = True
    for match in re.finditer(
        r"[,;。\n!?]|、(?=(?:正在|未|基本|阶段|持续|长期|已|部分|\d|[一二三四五六七八九十]+(?:个|项|条|大类"
        r"|类)))|:",
        norm[start:end],
    ):
        stop = start + match.end()
        if stop > at:
            clauses.append((at, stop, fresh))
        fresh = match[0] in "。\n!?"
        at = stop
    if end > at:
        clauses.append((at, end, fresh))
    return clauses


_ANCHOR_RE = re.compile(r"反馈|指出|查出|发现|归纳|梳理|巡察|巡视|督察|审计|自查|检查")
_ACTOR_RE = re.compile(
    r"领办|领衔|(?<!党组)(?<!党委)(?<!支部)认领|包抓|包案|带头|难点|牵头|督办|解决了?|化解|遗留|突出问题\d|重点问题\d|即办|为基层"
    r"|群众反映|倒排|坚持整改|紧盯|剩余|尚有|还有"
)


_REST_RE = re.compile(
    r"(?:剩余|其余|余下|尚有|还有|另有)的?\s?(?:\d{1,4}|[一二三四五六七八九十两]{1,3})\s?(?:个|项|条)(?:具体)?(?:问题|任务|事项)?(?:也)?(?:正在|持续|需|未|尚未|长期|正|按|有序)"
)
"""What is left of the problems and how it stands (还有1个正在整改)."""


def _read_sentence(
    view: View, start: int, end: int, damaged: list[tuple[int, int]], counts: Counts, known: bool
) -> float:
    """Read one sentence into *counts* and return how clearly it counts the problems of this paper."""
    norm = view.norm
    scope = foreign = False
    weight = 0.0
    for left, right, _ in _clauses(norm, start, end):
        text = norm[left:right]
        if any(low < right and left < high for low, high in damaged):
            continue
        other = _OTHER_SCOPE_RE.search(text)
        own = _SELF_SCOPE_RE.search(text)
        if other and not (own and own.start() < other.start() and not re.search(r"立行立改|交办|共性|信访|线索", text)):
            if not _STICKY_RE.search(text):
                if not foreign:
                    _read_measures(view, left, right, counts)
                continue
            foreign = True
        elif own:
            foreign = False
        if foreign or (_ACTOR_RE.search(text) and not _REST_RE.search(text)):
            continue
        before = len(counts.values)
        found = _read_findings(view, left, right, counts, own is not None)
        if found:
            weight += 2.0 if _ANCHOR_RE.search(text) else 0.5
        scope = scope or found
        if scope or own or known:
            _read_statuses(view, left, right, counts)
            _read_rate(view, left, right, counts)
        _read_measures(view, left, right, counts)
        weight += len(counts.values) - before
    return weight


def _number(match: re.Match[str]) -> tuple[int | None, int, int]:
    groups = match.groupdict()
    for name in ("n", "n2"):
        if groups.get(name):
            return parse_chinese_number(groups[name]), match.start(name), match.end(name)
    return None, 0, 0


def _put(view: View, counts: Counts, name: str, value: float | None, start: int, end: int) -> None:
    if value is not None and name not in counts.values:
        counts.values[name] = value
        counts.spans[name] = view.span(start, end)


def _read_findings(view: View, left: int, right: int, counts: Counts, own: bool) -> bool:
    norm = view.norm
    text = norm[left:right]
    context = norm[max(0, left - 60) : right]
    trade = re.search(r"反馈|巡察|巡视|督察|审计|整改|检查|自查|查摆|梳理|发现|问题", context)
    if not trade:
        return False
    aspects = _ASPECTS_RE.search(text)
    classes = _CLASSES_RE.search(text)
    things = [match for match in _FINDINGS_RE.finditer(text) if _plausible(match, text)]
    hit = False
    if classes and (things or "问题" in context):
        counts.classes = counts.classes if counts.classes is not None else _number(classes)[0]
        hit = True
    if aspects and ("问题" in context or things or "任务" in context or "整改" in context):
        value, start, end = _number(aspects)
        after = text[aspects.end() : aspects.end() + 12]
        if not re.match(
            r"(?:入手|发力|着手|推进|工作|做好|下功夫|抓|持续|加强|措施|统筹|强化|协同|的?工作|的?建议|的?意见"
            r"|的?要求|的?措施)",
            after,
        ):
            _put(view, counts, "aspects", value, left + start, left + end)
            hit = True
    best = next(
        (match for match in things if (match.groupdict().get("thing") or match.groupdict().get("thing2")) in ("问题",)),
        things[0] if things else None,
    )
    if best:
        value, start, end = _number(best)
        if value and "findings" not in counts.values:
            _put(view, counts, "findings", value, left + start, left + end)
            counts.of_problems = (best.groupdict().get("thing") or best.groupdict().get("thing2")) == "问题"
        hit = True
    elif own and "findings" in counts.values:
        hit = True
    return hit


def _plausible(match: re.Match[str], text: str) -> bool:
    value, start, _ = _number(match)
    if not value:
        return False
    words = match[0]
    before = text[max(0, start - 8) : start]
    if value == 1 and not words[0].isdigit():
        return False
    if re.search(r"(?:第|前|近|另|其中|余|以上|各|每)$", before) or re.search(
        r"^[一二三四五六七八九十]{1,3}(?:问题|任务|事项)", words
    ):
        return False
    if match.groupdict().get("n") and not re.search(r"(?:个|项|条|类|处|宗)", words) and not words.strip()[0].isdigit():
        return False
    if re.search(r"(?:已|完成|销号|到位|正在|持续|延期|未|剩余|其余|基本|阶段性|解决)\w{0,4}$", before):
        return False
    if re.search(
        r"(?:完成|销号|未完成|延期|整改)(?:整改)?$", text[max(0, match.start() - 6) : match.start()]
    ) and match.groupdict().get("thing2"):
        return False
    after = text[match.end() : match.end() + 8]
    return not re.match(r"(?:线索|清单|台账|导向|整改措施|项目|资金|金额|的?整改措施|建议)", after)


def _read_statuses(view: View, left: int, right: int, counts: Counts) -> None:
    text = view.norm[left:right]
    if re.search(r"措施|举措|制度|办法", text):
        return
    known = any(name in counts.values for name, _ in _STATUS_WORDS)
    for name, pattern in _STATUS_RES:
        for match in pattern.finditer(text):
            value, start, end = _number(match)
            if value == 1 and not text[start].isdigit() and not known:
                continue
            tail = text[match.end() : match.end() + 4]
            if re.search(r"(?:对|针对|将|于)[^,。]{0,6}$", text[: match.start()]):
                continue
            if value is None or tail.startswith(("方面", "月", "工作日", "百分点", "制度", "措施", "次")):
                continue
            if name == "completed" and re.search(
                r"(?:未|没有|尚未|基本|阶段性|正在|持续)$",
                text[max(0, match.start() - 3) : match.start("word") if match["word"] else match.start("word2")],
            ):
                continue
            _put(view, counts, name, value, left + start, left + end)
            break
        else:
            continue
        if name != "completed" and not re.search(r"已|完成整改\d", text):
            return
    if "completed" not in counts.values and "findings" in counts.values:
        whole = _ALL_DONE_RE.search(text)
        if whole and not re.search(r"未|除", text):
            _put(view, counts, "completed", counts.values["findings"], left + whole.start(), left + whole.end())


def _read_rate(view: View, left: int, right: int, counts: Counts) -> None:
    match = _RATE_RE.search(view.norm, left, right)
    if match:
        value = float(match["n"])
        _put(
            view, counts, "rate_percent", int(value) if value.is_integer() else value, match.start("n"), match.end("n")
        )


def _read_measures(view: View, left: int, right: int, counts: Counts) -> None:
    match = _MEASURES_RE.search(view.norm, left, right)
    if match:
        value, start, end = _number(match)
        if value and value > 1:
            _put(view, counts, "measures", value, start, end)
