"""Tables seen as ledgers: which row is the header, and what each column holds.

The header may stand anywhere, may run over several merged rows, and is known by its words; columns no word is known for are
left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhenggai.docparse.understand.lexicon import (
    ACTION_RE,
    LABELS,
    PROBLEM_RE,
    STRONG_ACTION_RE,
    WHO,
    LabelKind,
    label_kind,
)
from zhenggai.docparse.understand.status import find_status
from zhenggai.docparse.understand.view import CellView, TableView

_HEADER_LIMIT = 40
_NO_WORDS = frozenset(
    [
        "序号",
        "编号",
        "问题序号",
        "问题编号",
        "序列",
        "项次",
        "项目编号",
        "NO",
        "No",
        "no",
        "序",
        "整改编号",
        "任务编号",
        "号",
    ]
)
_ASPECT_WORDS = frozenset(
    [
        "方面",
        "类别",
        "问题类别",
        "问题分类",
        "所属方面",
        "所属类别",
        "问题类型",
        "一级标题",
        "类型",
        "分类",
        "反馈方面",
        "问题方面",
        "大类",
        "维度",
        "一级指标",
        "所属板块",
        "板块",
        "领域",
        "问题大类",
        "整改方面",
        "类",
        "巡察方面",
        "存在方面",
        "涉及方面",
        "问题领域",
        "反馈类别",
        "四个落实",
        "方面（类别）",
        "专项名称",
    ]
)
_PARENT_WORDS = frozenset(["小类", "问题小类", "大项", "问题归类", "子类", "主要问题"])
_EXTRA: dict[str, LabelKind] = {
    "三级标题": "title",
    "考察点": "title",
    "专项工作任务": "title",
    "重点任务": "title",
    "描述": "description",
    "在审计报告中的表述": "description",
    "反馈问题内容": "title",
    "巡察反馈具体问题": "title",
    "反馈具体问题": "title",
    "问题清单": "title",
    "整改问题清单": "title",
    "项目名称": "parent",
    "目标": "target",
    "完成情况评价": "remark",
    "整改进度": "status",
    "是否完成指标": "status",
    "问题金额": "remark",
    "存在的具体问题": "title",
    "具体整改问题": "title",
    "巡察发现问题": "title",
    "巡察反馈的问题": "title",
    "问题点": "title",
    "任务": "title",
    "责任": "leader",
    "牵头": "department",
    "配合": "support",
    "销号": "status",
    "时间": "deadline",
    "要求时限": "deadline",
    "整改事项": "title",
    "整改任务": "title",
    "问题及表现": "title",
    "反馈意见指出的问题": "title",
    "反馈的具体问题": "title",
    "措施清单": "measures",
    "任务清单": "measures",
    "责任清单": "department",
    "发现活动": "remark",
    "分类": "parent",
    "整改验收时间": "remark",
    "实际县级验收时间": "remark",
    "指标": "parent",
    "整改责任": "department",
    "整改责任领导": "leader",
    "整改要点": "measures",
    "责任科室及责任人": "department",
    "责任单位及责任人": "unit",
    "整改内容": "measures",
    "工作任务": "title",
    "主要任务": "title",
    "具体任务": "measures",
    "任务措施": "measures",
    "部门": "department",
    "科室": "department",
    "是否": "status",
    "审计查出问题": "title",
    "审计发现问题": "title",
    "存在问题及表现": "title",
    "事项": "title",
    "查摆问题": "title",
    "完成": "status",
    "成效清单": "progress",
}
_TICK_WORDS = frozenset(
    [
        "已完成",
        "完成",
        "正在整改",
        "整改中",
        "基本完成",
        "未完成",
        "阶段性完成",
        "长期坚持",
        "持续整改",
        "已整改",
        "未整改",
        "已销号",
        "未销号",
        "进行中",
        "已完成整改",
        "完成整改",
        "正在推进",
        "部分完成",
    ]
)
"""Headers of columns that are ticked."""
_LEVEL_RE = re.compile(r"([一二三])级(?:问题|标题|指标|事项|分类|类别)")
_STRIP_RE = re.compile(r"[\s*()（）【】\[\]:：/、,，.。·\-—_#]+")
_BRACKET_RE = re.compile(r"[(（][^)）]*[)）]")
_TOTAL_RE = re.compile(r"\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|汇\s*总)")
_NOISE_ROW_RE = re.compile(
    r"\s*(?:填报?(?:单位|人|表人|时间|日期)|制表(?:人|单位|时间)?|审核(?:人)?|负责人(?:签字|签名)"
    r"|主要负责人|单位(?:名称|负责人|盖章|\(盖章\))?|被巡察(?:单位|党组织)|日期|时间|联系(?:人|电话)|备注"
    r"|说明|注|填(?:表|报|写)说明|填表须知|注意事项|签字|盖章|编制(?:单位|人)|报送单位|统计(?:时间|日期))\s?[:：(（]"
)


_REMARK_RE = re.compile(r"\s*(?:备注|说明|注|填(?:表|报|写)说明|填表须知|注意事项)\s?\d?\s?[::]")
_ENDINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "remark",
        re.compile(
            r"(?:检查|排查|自查|巡查|录入|交办|反馈|发现|填报|上报|巡察|巡视|审计|督察|验收|登记|更新|被.{1,4}|填表|联系|来文|移交).{0,2}(?:时间|日期|单位|部门)$"
        ),
    ),
    ("remark", re.compile(r"(?:隐患|问题|缺陷)?(?:部位|区域|地点|场所|位置|等级|级别)$")),
    ("title", re.compile(r"(?:隐患|缺陷|不符合项?|不合格项?)(?:描述|内容|问题|情况|名称|事实|现象)?$")),
    ("status", re.compile(r"(?:复查|复核|验收|核查|验证)(?:结果|情况|结论|意见)$")),
    ("support", re.compile(r"(?:配合|协办|协同|协助|参与).{1,6}$")),
    ("supervisor", re.compile(r"(?:督办|督导|监督|督查|验收|核查).{1,4}(?:领导|单位|部门|人|科室)$")),
    ("leader", re.compile(r"领导$")),
    ("deadline", re.compile(r"(?:时限|期限|时间|节点|日期|限期)$")),
    ("measures", re.compile(r"(?:措施|举措|对策|办法)$")),
    ("status", re.compile(r"(?:完成|整改|办理|落实|推进)(?:程度|等级|与否)$|^(?:目前|当前|现)状态$")),
    ("person", re.compile(r"(?:责任|承办|经办|具体|落实|负责|主办)(?:同志|人员?)$")),
    ("unit", re.compile(r"(?:落实|实施|执行|承接|经办|办理|整改|主管)(?:责任)?单位$")),
    (
        "department",
        re.compile(
            r"(?:落实|实施|执行|承接|经办|办理|主管|包干|主抓|主要)(?:责任)?(?:部门|科室|处室|股室|部室|站所|支部|院系|中心)$"
        ),
    ),
    (
        "title",
        re.compile(
            r"(?:反馈|发现|指出|查摆|存在|突出|具体|检视|自查|查找|检查|审计|督察).{0,6}问题$|^(?:具体)?问题(?:摘要|概要)$"
        ),
    ),
    ("progress", re.compile(r"(?:推进|落实|整改|完成|办理|工作)(?:成效|进展|动态|成果|实绩)$")),
)
"""What a short header means by its last word, where the word as a whole is not known."""


@dataclass(slots=True)
class Header:
    """Where the header ends and what the columns hold."""

    first_row: int
    """First row of the header."""
    last_row: int
    """Last row of the header."""
    kinds: dict[int, str] = field(default_factory=dict)
    """Column to ``no``, ``aspect`` or a field kind."""
    words: dict[int, str] = field(default_factory=dict)
    """Column to its header words."""


def header_word(text: str) -> str:
    """Return a header cell's words without blanks, brackets and marks."""
    return _STRIP_RE.sub("", _BRACKET_RE.sub("", text)) or _STRIP_RE.sub("", text)


def header_kind(text: str) -> str:
    """Return what a column with this header holds, or an empty string."""
    word = header_word(text)
    if not word or len(word) > 26 or word == "整改":
        return ""
    if word in _NO_WORDS or (len(word) <= 8 and word.endswith(("序号", "编号", "编码", "代码"))):
        return "no"
    if word.startswith(("是否存在", "有无", "是否有", "是否发现")):
        return "remark"
    if word in _ASPECT_WORDS:
        return "aspect"
    if word in _PARENT_WORDS:
        return "parent"
    if word in _TICK_WORDS:
        return "tick:" + word
    if len(word) <= 6 and word.endswith(("领域", "方面", "类别", "板块", "类型")):
        return "aspect"
    level = _LEVEL_RE.match(word)
    if level:
        return ("aspect", "parent", "title")["一二三".index(level[1])]
    kind = _EXTRA.get(word) or label_kind(word)
    if kind:
        return kind
    # A longer header is known by the label it ends with, or begins with.
    for size in range(min(len(word) - 1, 12), 1, -1):
        tail = LABELS.get(word[-size:]) or _EXTRA.get(word[-size:])
        if (
            tail
            and word[-size:] != "整改"
            and (size >= 4 or tail in ("deadline", "person", "measures", "title", "progress", "target", "support"))
        ):
            return tail
    for size in range(min(len(word) - 1, 12), 3, -1):
        head = LABELS.get(word[:size])
        if head:
            return head
    return next((kind for kind, pattern in _ENDINGS if len(word) <= 10 and pattern.search(word)), "")


def grid_of(table: TableView) -> list[list[CellView | None]]:
    """Return rows of cells, a merged cell standing in every place it covers."""
    grid: list[list[CellView | None]] = [[None] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        for row in range(cell.row, min(cell.row + max(cell.row_span, 1), table.rows)):
            for column in range(cell.column, min(cell.column + max(cell.column_span, 1), table.columns)):
                grid[row][column] = cell
    return grid


def row_kinds(norm: str, row: list[CellView | None]) -> dict[int, str]:
    """Return the columns of *row* whose cells are known header words."""
    kinds = {}
    for column, cell in enumerate(row):
        if cell is not None and cell.end - cell.start <= 40:
            kind = header_kind(norm[cell.start : cell.end])
            if kind:
                kinds[column] = kind
    return kinds


def find_header(norm: str, grid: list[list[CellView | None]]) -> Header | None:
    """Return the header of a ledger, or None when the table is none.

    A header names at least two kinds of fields, one of them the problem or the measures.
    """
    best: Header | None = None
    best_score = 0.0
    for index, row in enumerate(grid[:_HEADER_LIMIT]):
        if sum(1 for cell in {id(cell): cell for cell in row if cell}.values() if cell.end - cell.start > 40) > 1:
            continue
        header = _header_at(norm, grid, index)
        core = set(header.kinds.values())
        filled = len({id(cell) for cell in row if cell})
        score = len(core) + 0.1 * len(header.kinds) - 0.02 * index
        if len(core) >= 2 and core & {"title", "description", "measures"} and filled >= 2 and score > best_score + 0.35:
            best, best_score = header, score
    if best is not None:
        guess_columns(norm, grid, best)
    return best


def find_numbered_header(norm: str, grid: list[list[CellView | None]]) -> Header | None:
    """Return the header of a list that names problems by their numbers only: 问题编号, 责任领导, 责任部门; None when it is none."""
    for index, row in enumerate(grid[:3]):
        kinds = set(row_kinds(norm, row).values())
        if "no" in kinds and len(kinds & {*WHO, "deadline", "status", "progress", "target"}) >= 2:
            return _header_at(norm, grid, index)
    return None


def _header_at(norm: str, grid: list[list[CellView | None]], index: int) -> Header:
    """Read the header that begins in row *index*, joining rows that merged cells hold together."""
    row = grid[index]
    last = index
    for cell in row:
        if cell is not None and cell.row_span > 1 and cell.row == index and header_kind(norm[cell.start : cell.end]):
            last = max(last, min(cell.row + cell.row_span - 1, len(grid) - 1, index + 3))
    spread = [cell for cell in row if cell is not None and cell.column_span > 1 and cell.row == index]
    if last == index and spread and index + 1 < len(grid) and len(row_kinds(norm, grid[index + 1])) >= 2:
        last = index + 1
    header = Header(index, last)
    for column in range(len(row)):
        words: list[tuple[str, CellView]] = []
        for at in range(index, last + 1):
            cell = grid[at][column] if column < len(grid[at]) else None
            if cell is not None and (not words or words[-1][1] is not cell):
                words.append((norm[cell.start : cell.end], cell))
        kind = ""
        for text, cell in reversed(words):
            spans_all = cell.column_span >= max(len(row) - 1, 3)
            kind = "" if spans_all else header_kind(text)
            if kind:
                break
        if not kind and len(words) > 1:
            kind = header_kind("".join(text for text, _ in words))
        if kind:
            header.kinds[column] = kind
            header.words[column] = header_word(words[-1][0])
    _settle(header)
    _number_column(norm, grid, header)
    return header


_WHEN_RE = re.compile(r"\d{4}\s?[年./-]|\d{1,2}月|长期|立行立改|即知即改|持续|年底|季度")
_CELL_SAMPLE = 12


def guess_columns(norm: str, grid: list[list[CellView | None]], header: Header) -> None:
    """Name columns whose headers no word is known for by what their cells hold: what was done, until when, how far."""
    known = set(header.kinds.values())
    if "title" not in known:
        return
    for column in range(len(grid[header.last_row])):
        if column in header.kinds or grid[header.last_row][column] is None:
            continue
        cells = {id(cell): cell for row in grid[header.last_row + 1 :] if (cell := row[column]) is not None}
        texts = [norm[cell.start : cell.end].strip() for cell in list(cells.values())[:_CELL_SAMPLE]]
        if len(texts) < 2:
            continue
        kind = _kind_of_cells(texts)
        if kind and kind not in known and not (kind == "measures" and "progress" in known):
            header.kinds[column] = kind
            header.words[column] = ""
            known.add(kind)


def _kind_of_cells(texts: list[str]) -> str:
    """Return what nearly all *texts* of a column are, or an empty string."""
    short = sum(1 for text in texts if len(text) <= 16)
    if short * 10 >= len(texts) * 9:
        if sum(1 for text in texts if _WHEN_RE.search(text)) * 10 >= len(texts) * 9:
            return "deadline"
        if sum(1 for text in texts if len(text) > 1 and find_status(text)) * 10 >= len(texts) * 9:
            return "status"
    if sum(1 for text in texts if len(text) > 6) * 10 < len(texts) * 7:
        return ""
    acting = sum(1 for text in texts if ACTION_RE.match(text) or STRONG_ACTION_RE.match(text))
    wrong = sum(1 for text in texts if PROBLEM_RE.search(text[:24]))
    return "measures" if acting * 2 >= len(texts) and wrong * 2 < len(texts) else ""


def _number_column(norm: str, grid: list[list[CellView | None]], header: Header) -> None:
    """Take a first column that counts 1, 2, 3 for the numbers, whatever its header says."""
    if "no" in header.kinds.values() or header.kinds.get(0):
        return
    values = [norm[cell.start : cell.end].strip() for row in grid[header.last_row + 1 :] if row and (cell := row[0])]
    if len(values) > 1 and values[:2] == ["1", "2"]:
        header.kinds[0] = "no"


def _settle(header: Header) -> None:
    """Resolve columns that claim the same part: one problem column, details beside it."""
    lists = [column for column, kind in header.kinds.items() if kind == "measures"]
    for column in lists if len(lists) > 1 else []:
        if re.match(r"已|目前|实际|完成", header.words[column]) or "成效" in header.words[column]:
            header.kinds[column] = "progress"
    titles = [column for column, kind in header.kinds.items() if kind == "title"]
    descriptions = [column for column, kind in header.kinds.items() if kind == "description"]
    wrong = [column for column in descriptions if "问题" in header.words[column]]
    tasks = [column for column in titles if "任务" in header.words[column] and "问题" not in header.words[column]]
    if wrong and tasks == titles and titles and "measures" not in header.kinds.values():
        # 问题内容 beside 整改任务: the task is what is to be done about the problem.
        header.kinds[wrong[0]] = "title"
        for column in tasks:
            header.kinds[column] = "measures"
        titles, descriptions = wrong[:1], [column for column in descriptions if column != wrong[0]]
    if not titles and descriptions:
        header.kinds[descriptions[0]] = "title"
        titles, descriptions = descriptions[:1], descriptions[1:]
    if titles and len({header.kinds[column] for column in titles}) == 1 and len(titles) > 1:
        deep = [column for column in titles if _LEVEL_RE.match(header.words[column])]
        for column in deep[:1]:
            for other in titles:
                if other != column:
                    header.kinds[other] = "description"
            titles = [column]
    if not titles:
        parents = [column for column, kind in header.kinds.items() if kind == "parent"]
        if parents and "measures" in header.kinds.values():
            header.kinds[parents[-1]] = "title"
            titles = parents[-1:]
    if len(titles) > 1:
        strong = [column for column in titles if "问题" in header.words[column] or header.words[column] == "三级标题"]
        keep = strong[0] if strong else titles[0]
        for column in titles:
            if column == keep:
                continue
            word = header.words[column]
            if any(part in word for part in ("任务", "事项", "内容")) and "问题" not in word:
                header.kinds[column] = "target" if "measures" in header.kinds.values() else "measures"
            else:
                header.kinds[column] = "description"


def is_noise_row(norm: str, row: list[CellView | None]) -> bool:
    """Tell whether a row is a total, a signature line or empty."""
    cells = list({id(cell): cell for cell in row if cell is not None}.values())
    if not cells:
        return True
    first = norm[cells[0].start : cells[0].end]
    if _TOTAL_RE.match(first) or (len(cells) == 1 and _REMARK_RE.match(first)):
        return True
    return len(cells) <= 4 and bool(_NOISE_ROW_RE.match(first)) and all(cell.end - cell.start < 60 for cell in cells)
