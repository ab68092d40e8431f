"""A workbook's sheet → a ledger proposed for it, for a clerk to adjust.

A grid of cell values comes in, as a spreadsheet gives them; out come the heads it was read by, a field for each column with the
reason for its type, the sets of values found, and the fields that tell rows apart.  Nothing is certain here: every
choice carries its reason and the values that do not fit, and :func:`as_yaml` writes the declaration once the clerk agrees.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from zhenggai.kit.dates import parse_date
from zhenggai.kit.personal_numbers import NumberKind, is_personal_number
from zhenggai.kit.text import fold
from zhenggai.packs.declarations import FieldType
from zhenggai.packs.heads import HEAD_ROWS, NUMBER, Cell, Grid, find_heads, is_blank, is_data, labels_of, title_of

FITTING = 0.97
"""Share of the filled cells that must fit a type for it to be proposed."""
SAYING = 0.6
"""Share that is enough where the head itself says that the column is of the type: 走访日期, 金额（万元）."""
SAMPLE = 20_000
"""Rows that are looked at; more would only repeat the answer."""
CHOICES = 12
"""Different values up to which a column may be a choice."""

_YES_NO = ({"是", "否"}, {"有", "无"}, {"√", "×"}, {"√"}, {"Y", "N"}, {"对", "错"}, {"true", "false"})
_NUMBERED = re.compile(r"(编号|案号|文号|证号|号码|编码|代码|单号|票号|序列号|号)$")
_ORDINAL = re.compile(r"^(序号|序|顺序号|行号|№|NO\.?|No\.?)$", re.IGNORECASE)
_DATED = re.compile(r"(日期|时间|时限|期限|年月|之日|日)$")
_NAMED = re.compile(r"(姓名|当事人|被告人|嫌疑人|申请人|被害人|申诉人|信访人|来访人|联系人|救助对象|家属|亲属)")
_SERIAL = re.compile(r"[0-9]{5}(\.0+)?")
_EIGHT = re.compile(r"(19|20)[0-9]{6}")
_CLOCK = re.compile(r"\d\s*[:：时点]\s*\d|\d[时点]")
_UNIT = re.compile(r"[(（\[【](?:单位[:：]?)?([^()（）\[\]【】]{1,6})[)）\]】]\s*$")
_MONEY = re.compile(r"(金额|款额|价款|价值|原值|净值|费用|救助金|罚金|预算|经费|资金|元)")
_AMOUNT = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?\s*(元|万|万元|亿|亿元)")
_MEASURED = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*(?P<unit>[^\W\d_]{1,3})?")
_NO_UNIT = frozenset(
    {
        "年",
        "年度",
        "月",
        "日",
        "号",
        "期",
        "届",
        "次会议",
        "楼",
        "层",
        "室",
        "时",
        "点",
        "元",
        "万",
        "万元",
        "亿",
        "亿元",
    }
)
_REMARK = re.compile(r"(备注|说明|内容|情况|意见|原因|理由|摘要|措施|简要|事由)$")
_WHETHER = re.compile(r"^(是否|有无)")
_WHO = re.compile(r"(姓名|人|人员|领导|检察官|法官|联系人)$")
_PERCENT = re.compile(r"(率|占比|百分比|比例)$")
_SENTENCE = re.compile(r"[\n。“”\"：:]|[,，;；].*[,，;；]")
"""What no value of a list has in it."""
_LISTED = re.compile(r"[、,，;；/]")
_OURS = {FieldType.UNIT: "都是系统里的单位", FieldType.DEPARTMENT: "都是系统里的部门"}
"""What a column may be said to hold."""


@dataclass(frozen=True, slots=True)
class ProposedField:
    """A column as a field."""

    column: int
    """Column of the grid, from 0."""
    label: str
    """Head of the column, without its unit."""
    code: str
    """Name for machines, unique within the proposal."""
    type: FieldType
    """Proposed type."""
    reason: str
    """Why this type, in Chinese."""
    unit: str | None = None
    """Unit of a number."""
    values: tuple[str, ...] = ()
    """Of a choice: the values, the most frequent first."""
    required: bool = False
    """Whether every row has a value."""
    unique: bool = False
    """Whether the head says number and no two rows share one."""
    personal: str | None = None
    """Personal data it seems to hold."""
    filled: int = 0
    """Rows that have a value."""
    odd: tuple[tuple[int, str], ...] = ()
    """Row of the grid (from 0) and text of the first values that do not fit the type."""
    odd_count: int = 0
    """How many do not fit."""
    small: bool = False
    """Whether all shares of a hundred are numbers up to 1 without a sign: they may mean the hundredfold."""
    keep: bool = True
    """False for columns that only count the rows or are empty."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sheet as a ledger."""

    label: str
    """Name: the title above the heads, else the name of the sheet."""
    head_rows: tuple[int, ...]
    """Rows of the grid that hold the heads, from 0."""
    first_row: int
    """First row of data, from 0."""
    rows: int
    """Rows of data, without totals and empty ones."""
    fields: tuple[ProposedField, ...]
    """A field for each column with a head or values."""
    key: tuple[str, ...]
    """Codes of the fields that tell rows apart; empty when nothing does."""
    date: str | None
    """Code of the field that places a row in a period."""
    notes: tuple[str, ...] = field(default=())
    """What the clerk should look at, in Chinese."""


def propose(
    grid: Grid,
    *,
    name: str,
    known: Mapping[str, str] | None = None,
    names: Mapping[FieldType, Callable[[str], bool]] | None = None,
) -> Proposal:
    """Return a ledger for *grid*.

    Args:
        grid: rows of cells, all of a sheet; ragged rows are filled up.
        name: name of the sheet or file, the label when no title is found.
        known: codes of labels that other ledgers already use, so that the same column gets the same code.
        names: what tells whether a text names a unit, and a department, of the office, so that a column of them refers to them.
    """
    width = max((len(row) for row in grid), default=0)
    rows = [list(row) + [None] * (width - len(row)) for row in grid[: SAMPLE + HEAD_ROWS]]
    heads = find_heads(rows)
    labels = labels_of(rows, heads)
    first = heads[-1] + 1 if heads else 0
    data = [(index, row) for index, row in enumerate(rows[first:], first) if is_data(row)]
    codes = _Codes(known or {})
    fields = []
    for column in range(width):
        cells = [(index, row[column]) for index, row in data if not is_blank(row[column])]
        label = labels[column]
        if not label and not cells:
            continue
        fields.append(_field(column, label or f"第{column + 1}列", cells, len(data), codes, names or {}))
    fields = _distinct_labels(fields)
    key = _key(fields, data)
    notes = _notes(fields, key, heads, len(data))
    return Proposal(title_of(rows, heads) or name, heads, first, len(data), tuple(fields), key, _date(fields), notes)


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell).strip()


def _field(
    column: int,
    head: str,
    cells: list[tuple[int, Cell]],
    rows: int,
    codes: _Codes,
    names: Mapping[FieldType, Callable[[str], bool]],
) -> ProposedField:
    match = _UNIT.search(head)
    unit = match.group(1) if match and not re.search(r"\d", match.group(1)) and len(match.group(1)) <= 3 else None
    label = head[: match.start()].strip() if match and unit else head
    texts = [(index, _text(cell)) for index, cell in cells]
    base = ProposedField(
        column, label[:60] or head, codes.new(label), FieldType.TEXT, "按文字保存", filled=len(cells), unit=unit
    )
    if not cells and not rows:
        return _by_label(base, label)
    if not cells:
        return replace(base, keep=False, reason="整列没有内容", unit=None)
    if _counts_rows(label, texts):
        return replace(base, keep=False, type=FieldType.INTEGER, reason="只是行的序号，系统会自己编号", unit=None)
    found = _ours(base, texts, names) or _typed(base, label, unit, cells, texts)
    distinct = len({text for _, text in texts}) == len(texts)
    numbered = bool(_NUMBERED.search(label)) and found.type == FieldType.TEXT
    return replace(found, required=len(cells) == rows and rows >= 3, unique=distinct and numbered and rows >= 3)


def _by_label(base: ProposedField, label: str) -> ProposedField:
    """Return a column of an empty form, its type as the head says."""
    if _ORDINAL.match(label):
        return replace(base, keep=False, type=FieldType.INTEGER, reason="只是行的序号，系统会自己编号", unit=None)
    if personal := _personal(label, ()):
        return replace(base, personal=personal, reason="表头像是个人信息，按文字保存并默认遮蔽", unit=None)
    kinds = {
        FieldType.TEXT: _NUMBERED, FieldType.DATE: _DATED, FieldType.PERCENT: _PERCENT, FieldType.MONEY: _MONEY,
        FieldType.BOOLEAN: _WHETHER, FieldType.LONG_TEXT: _REMARK,
    }  # fmt: skip
    kind = next((kind for kind, words in kinds.items() if words.search(label)), FieldType.TEXT)
    if kind == FieldType.MONEY and base.unit in ("万元", "亿元"):
        return replace(base, type=FieldType.DECIMAL, reason=f"表头像是以{base.unit}计的金额")
    if base.unit and kind == FieldType.TEXT:
        return replace(base, type=FieldType.DECIMAL, reason="表头写着计量单位")
    unit = {FieldType.MONEY: "元", FieldType.PERCENT: "%"}.get(kind)
    return replace(base, type=kind, unit=unit, reason="表头像是这一类" if kind != FieldType.TEXT else base.reason)


def _ours(
    base: ProposedField, texts: list[tuple[int, str]], names: Mapping[FieldType, Callable[[str], bool]]
) -> ProposedField | None:
    """Return *base* as a reference to units or departments, where the column holds their names."""
    for kind, is_known in names.items():
        odd = tuple((index, text[:40]) for index, text in texts if not is_known(text))
        if len(texts) - len(odd) >= FITTING * len(texts):
            return replace(base, type=kind, reason=_OURS[kind], unit=None, odd=odd[:5], odd_count=len(odd))
    return None


def _counts_rows(label: str, texts: Sequence[tuple[int, str]]) -> bool:
    return bool(_ORDINAL.match(label)) and all(text.rstrip("、.").isdigit() for _, text in texts)


def _typed(
    base: ProposedField, label: str, unit: str | None, cells: list[tuple[int, Cell]], texts: list[tuple[int, str]]
) -> ProposedField:
    personal = _personal(label, texts)
    if personal in ("identity", "phone", "account"):
        return replace(base, personal=personal, reason="像是个人信息，按文字保存并默认遮蔽", unit=None)
    if _fits(cells, _is_date(label), SAYING if _DATED.search(label) else FITTING):
        odd = _odd(cells, _is_date(label))
        moments = sum(_is_moment(cell) for _, cell in cells)
        kind = FieldType.DATETIME if moments * 2 > len(cells) else FieldType.DATE
        return replace(base, type=kind, reason="内容是日期", unit=None, odd=odd[:5], odd_count=len(odd))
    if not _NUMBERED.search(label) and _fits(cells, _is_number, SAYING if unit or _MONEY.search(label) else FITTING):
        return _number(base, label, unit, cells)
    if (
        unit in (None, "元")
        and not _NUMBERED.search(label)
        and _fits(cells, _is_money, FITTING if unit is None and not _MONEY.search(label) else SAYING)
    ):
        odd = _odd(cells, _is_money)
        return replace(base, type=FieldType.MONEY, unit="元", reason="是金额，以元计", odd=odd[:5], odd_count=len(odd))
    if (word := _counted(label, cells)) and word not in _NO_UNIT and unit in (None, word):
        whole = all("." not in text for _, text in texts)
        kind = FieldType.INTEGER if whole else FieldType.DECIMAL
        return replace(base, type=kind, unit=word, reason=f"是带“{word}”的数")
    values = Counter(text for _, text in texts)
    if any({each.lower() for each in values} <= {each.lower() for each in pair} for pair in _YES_NO):
        return replace(base, type=FieldType.BOOLEAN, reason="只有“" + "”“".join(values) + "”", unit=None)
    if choice := _choice(base, label, values, len(texts)):
        return choice
    long = any("\n" in text for text in values) or sum(map(len, values)) / len(values) > 40
    if long:
        return replace(base, type=FieldType.LONG_TEXT, reason="文字较长", personal=personal, unit=None)
    return replace(base, personal=personal, unit=None, reason="像是姓名或住址，默认遮蔽" if personal else base.reason)


def _fits(cells: list[tuple[int, Cell]], test: Callable[[Cell], bool], share: float) -> bool:
    return sum(test(cell) for _, cell in cells) >= share * len(cells)


def _odd(cells: list[tuple[int, Cell]], test: Callable[[Cell], bool]) -> tuple[tuple[int, str], ...]:
    return tuple((index, _text(cell)[:40]) for index, cell in cells if not test(cell))


def _is_date(label: str) -> Callable[[Cell], bool]:
    dated = bool(_DATED.search(label))

    def test(cell: Cell) -> bool:
        if isinstance(cell, datetime.date):
            return True
        if isinstance(cell, str):
            text = fold(cell).strip()
            if _SERIAL.fullmatch(text):
                return dated and 29_221 <= int(text.split(".")[0]) <= 60_000
            if _EIGHT.fullmatch(text):
                text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
            return len(text) <= 32 and len(parse_date(text) or "") == 10 and not _NUMBERED.search(label)
        # A spreadsheet's serial day, where the head says that it is one: 1980 to 2064.
        return dated and isinstance(cell, (int, float)) and not isinstance(cell, bool) and 29_221 <= cell <= 60_000

    return test


def _is_moment(cell: Cell) -> bool:
    """Return whether a day comes with a time of it."""
    if isinstance(cell, datetime.datetime):
        return cell.time() != datetime.time()
    return isinstance(cell, str) and bool(_CLOCK.search(fold(cell)))


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return False
    if isinstance(cell, (int, float)):
        return True
    text = fold(cell).strip().rstrip("%") if isinstance(cell, str) else ""
    return bool(NUMBER.fullmatch(text)) and not (len(text) > 1 and text[0] == "0" and "." not in text)


def _is_money(cell: Cell) -> bool:
    """Return whether a cell is an amount as forms read it: 1,234.5元, 3万元, ￥200."""
    text = fold(cell).strip().lstrip("¥￥") if isinstance(cell, str) else ""
    return _is_number(text or cell) or bool(_AMOUNT.fullmatch(text))


def _counted(label: str, cells: list[tuple[int, Cell]]) -> str | None:
    """Return the one word that all numbers of a column are followed by: 3台, 2.5亩."""
    if _NUMBERED.search(label) or _DATED.search(label):
        return None
    words = {found["unit"] if (found := _MEASURED.fullmatch(fold(str(cell)).strip())) else "" for _, cell in cells}
    words.discard(None)
    return words.pop() if len(words) == 1 and words != {""} else None


def _number(base: ProposedField, label: str, unit: str | None, cells: list[tuple[int, Cell]]) -> ProposedField:
    odd = _odd(cells, _is_number)
    texts = [fold(_text(cell)) for _, cell in cells]
    base = replace(base, odd=odd[:5], odd_count=len(odd))
    if any(text.endswith("%") for text in texts) or (_PERCENT.search(label) and unit in (None, "%")):
        small = not odd and all(not text.endswith("%") and float(text.replace(",", "")) <= 1 for text in texts)
        return replace(base, type=FieldType.PERCENT, unit="%", reason="是百分比", small=small)
    whole = all("." not in text for text in texts)
    if unit in ("万元", "亿元"):
        return replace(base, type=FieldType.DECIMAL, reason=f"以{unit}计的金额")
    if unit == "元" or (unit is None and _MONEY.search(label)):
        return replace(base, type=FieldType.MONEY, unit="元", reason="是金额，以元计")
    if whole:
        return replace(base, type=FieldType.INTEGER, reason="都是整数")
    return replace(base, type=FieldType.DECIMAL, reason="是带小数的数")


def _choice(base: ProposedField, label: str, values: Counter[str], filled: int) -> ProposedField | None:
    if _NAMED.search(label) or _NUMBERED.search(label) or _WHO.search(label) or filled < 5:
        return None
    if any(_SENTENCE.search(text) for text in values):
        return None
    if _REMARK.search(label) and len(values) * 8 > filled:
        return None
    few = len(values) <= CHOICES and (len(values) * 3 <= filled or (len(values) <= 3 and filled >= 5))
    if few and all(len(text) <= 16 for text in values):
        names = tuple(text for text, _ in values.most_common())
        if (parts := _parts(values)) and len(parts) <= len(values) and set(parts) & set(values):
            return replace(base, type=FieldType.CHOICES, values=parts, reason="几个值用顿号并列", unit=None)
        return replace(
            base, type=FieldType.CHOICE, values=names, reason=f"{filled}行里只有{len(values)}种值", unit=None
        )
    parts = _parts(values)
    if parts and 2 <= len(parts) <= CHOICES and len(parts) * 3 <= filled:
        return replace(base, type=FieldType.CHOICES, values=parts, reason="几个值用顿号并列", unit=None)
    return None


def _parts(values: Counter[str]) -> tuple[str, ...]:
    """Return the single values where cells list several of them, the most frequent first; nothing when none does."""
    if not any(_LISTED.search(text) for text in values):
        return ()
    parts: Counter[str] = Counter()
    for text, times in values.items():
        for part in _LISTED.split(text):
            parts[part.strip()] += times
    return tuple(part for part, _ in parts.most_common() if part) if all(len(part) <= 12 for part in parts) else ()


def _personal(label: str, texts: Sequence[tuple[int, str]]) -> str | None:
    sample = [text for _, text in texts[:200]]
    if "身份证" in label or _mostly(sample, NumberKind.IDENTITY_NO):
        return "identity"
    if re.search(r"(电话|手机)", label) or _mostly(sample, NumberKind.PHONE):
        return "phone"
    if re.search(r"(银行卡|账号|卡号)", label) or _mostly(sample, NumberKind.BANK_CARD):
        return "account"
    if re.search(r"(住址|地址|户籍地)", label):
        return "address"
    return "name" if _NAMED.search(label) else None


def _mostly(sample: Sequence[str], kind: NumberKind) -> bool:
    return sum(is_personal_number(text, kind) for text in sample) * 2 > len(sample)


def _distinct_labels(fields: list[ProposedField]) -> list[ProposedField]:
    seen: Counter[str] = Counter()
    result = []
    for each in fields:
        seen[each.label] += 1
        result.append(replace(each, label=f"{each.label}{seen[each.label]}") if seen[each.label] > 1 else each)
    return result


def _key(fields: Sequence[ProposedField], data: Sequence[tuple[int, Sequence[Cell]]]) -> tuple[str, ...]:
    kept = [each for each in fields if each.keep and each.required]
    single = [each for each in kept if each.unique]
    if single:
        return (single[0].code,)
    short = [
        each for each in kept if each.type in (FieldType.TEXT, FieldType.DATE, FieldType.CHOICE, FieldType.INTEGER)
    ][:8]
    for first, one in enumerate(short):
        for other in short[first + 1 :]:
            if other.type == FieldType.DATE or _NUMBERED.search(one.label) or one.personal or other.personal:
                pairs = {(_text(row[one.column]), _text(row[other.column])) for _, row in data}
                if len(pairs) == len(data) >= 3:
                    return one.code, other.code
    return ()


def _date(fields: Sequence[ProposedField]) -> str | None:
    dates = [each for each in fields if each.keep and each.type in (FieldType.DATE, FieldType.DATETIME)]
    first = [each for each in dates if re.search(r"(受理|收案|登记|立案|接收|收到|来访|召开|发出)", each.label)]
    return (first or dates)[0].code if dates else None


def _notes(fields: Sequence[ProposedField], key: Sequence[str], heads: Sequence[int], rows: int) -> tuple[str, ...]:
    notes = []
    if not heads:
        notes.append("没有找到表头，字段按列编号，请逐个改名。")
    if not rows:
        notes.append("表头下面没有数据，字段的类型只是按表头猜的，请逐个核对；有编号一类的字段时，请选作主键。")
    elif not key:
        notes.append("没有哪个字段能单独认出一行；请选定编号一类的字段作主键，否则重复导入会重复登记。")
    notes += [f"“{each.label}”有{each.odd_count}个值不合类型，例如“{each.odd[0][1]}”。" for each in fields if each.odd]
    shares = [each.label for each in fields if each.keep and each.type == FieldType.PERCENT and each.small]
    if shares:
        notes.append(
            "“"
            + "”“".join(shares)
            + "”的值都不超过1，也没有百分号：0.08 将读作 0.08%。如果原意是 8%，请在表中改成百分比格式再上传。"
        )
    masked = [each.label for each in fields if each.keep and each.personal]
    if masked:
        notes.append("默认遮蔽的个人信息：" + "、".join(masked) + "。")
    return tuple(notes)


class _Codes:
    """Codes for labels: the one other ledgers use, else the words of the trade, else the number of the column."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = {re.sub(r"\s+", "", label): code for label, code in known.items()}
        self.used: set[str] = set()

    def new(self, label: str) -> str:
        code = self.known.get(label) or f"field_{len(self.used) + 1}"
        number, unique = 2, code
        while unique in self.used:
            unique, number = f"{code}_{number}", number + 1
        self.used.add(unique)
        return unique


def as_yaml(proposal: Proposal, *, code: str, label: str = "") -> dict[str, str]:
    """Return the files that declare *proposal*: path within the pack → text, the ledger and its sets of values.

    Args:
        proposal: as proposed, or as the clerk changed it; fields with ``keep`` false are left out.
        code: code of the ledger.
        label: its name; the proposal's when empty.
    """
    files: dict[str, str] = {}
    lines = [
        f"ledger: {code}",
        f"label: {_quoted(label or proposal.label)}",
        "about: 由表格建立，可按需补充说明、规则和指标。",
    ]
    kept = [each for each in proposal.fields if each.keep]
    if proposal.key:
        lines.append(f"key: [{', '.join(proposal.key)}]")
    if proposal.date:
        lines.append(f"date: {proposal.date}")
    lines.append("fields:")
    for each in kept:
        lines += [f"  - code: {each.code}", f"    label: {_quoted(each.label)}", f"    type: {each.type.value}"]
        if each.type in (FieldType.CHOICE, FieldType.CHOICES):
            enumeration = f"{code}_{each.code}"[:48]
            lines.append(f"    enumeration: {enumeration}")
            files[f"enumerations/{enumeration}.yaml"] = _enumeration(enumeration, each)
        lines += [f"    unit: {_quoted(each.unit)}"] if each.unit else []
        lines += ["    required: true"] if each.required else []
        lines += ["    unique: true"] if each.unique else []
        lines += [f"    personal: {each.personal}"] if each.personal else []
    files[f"ledgers/{code}.yaml"] = "\n".join(lines) + "\n"
    return files


def _enumeration(code: str, proposed: ProposedField) -> str:
    lines = [
        f"enumeration: {code}",
        f"label: {_quoted(proposed.label)}",
        "versions:",
        "  - since: 1949-10-01",
        "    values:",
    ]
    lines += [f"      - {{code: v{number}, label: {_quoted(text)}}}" for number, text in enumerate(proposed.values, 1)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
