"""Whether the declarations of the packs fit each other: every name that one uses is declared by another, every expression holds.

:func:`check` is run at start and by ``zhenggai packs check``, after :func:`zhenggai.packs.loading.load`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from string import Formatter

from zhenggai.kit.time_limits import Limit
from zhenggai.packs import deadlines
from zhenggai.packs.declarations import (
    AbsenceRule,
    ComparisonRule,
    Draw,
    FieldType,
    GroupRule,
    IndicatorRule,
    Ledger,
    LedgerField,
)
from zhenggai.packs.expressions import asked, understand
from zhenggai.packs.loading import Declared
from zhenggai.packs.reading import Path, Problem
from zhenggai.rulesql import Expression
from zhenggai.rulesql import Problem as Mistake

RESERVED = frozenset(
    {"row_id", "left", "right", "value", "target", "base", "previous", "last_year", "as_of", "true", "false", "null"}
)
"""Names that expressions need for themselves."""
LETTER_SLOTS = frozenset({"body", "to", "rule", "count", "as_of", "reply_due", "n", "source", "message"})
"""Slots of a letter besides the fields of the row."""
DRAW_SLOTS = frozenset({"seed", "reviewer", "day", "draw", "n"})
"""Slots of what a draw fills in besides the fields of the row drawn."""
DATES = frozenset({FieldType.DATE, FieldType.DATETIME})


def check(declared: Declared, limits: Mapping[str, Limit] | None = None) -> list[Problem]:
    """Return every mistake between declarations that are each well-formed, in the order of the ledgers.

    Args:
        declared: what the packs declare.
        limits: the time limits that expressions may name; those of the shipped packs by default.
    """
    limits = deadlines.shipped().limits if limits is None else limits
    problems: list[Problem] = []
    for code, enumeration in declared.enumerations.items():
        days = [version.since for version in enumeration.versions]
        if days != sorted(set(days)):
            problems.append(
                declared.place("enumeration", code, ("versions",), "各版本应按 since 从早到晚排列，不能重复。")
            )
        for index, version in enumerate(enumeration.versions):
            codes = [value.code for value in version.values]
            for twice in sorted({each for each in codes if codes.count(each) > 1}):
                problems.append(declared.place("enumeration", code, ("versions", index), f"值“{twice}”写了两次。"))
    for ledger in declared.ledgers.values():
        problems += [
            declared.place("ledger", ledger.ledger, path, message, hint)
            for path, message, hint in (*_ledger(declared, ledger), *_expressions(declared, ledger, limits))
        ]
    return problems


def remarks(declared: Declared, limits: Mapping[str, Limit] | None = None) -> list[Problem]:
    """Return what authors should know of expressions that are sound."""
    limits = deadlines.shipped().limits if limits is None else limits
    return [
        declared.place("ledger", ledger.ledger, each.path, *_told(each.text, note))
        for ledger in declared.ledgers.values()
        for each in asked(ledger, declared)
        for expression, notes in [understand(each, limits)]
        if expression is not None
        for note in notes
    ]


Found = Iterator[tuple[Path, str, str]]


def _ledger(declared: Declared, ledger: Ledger) -> Found:
    codes = [each.code for each in ledger.fields]
    for index, each in enumerate(ledger.fields):
        yield from _field(declared, ledger, index, each)
        if codes.index(each.code) != index:
            yield ("fields", index, "code"), f"字段“{each.code}”写了两次。", "请给其中一个换名。"
    labels = [each.label for each in ledger.fields]
    for index, label in enumerate(labels):
        if labels.index(label) != index:
            yield ("fields", index, "label"), f"两个字段都叫“{label}”。", "表头要能区分，请改一个名称。"
    for name in ("key", "title"):
        yield from _known(codes, getattr(ledger, name), (name,))
    for name, types in (("date", DATES), ("unit", frozenset({FieldType.UNIT}))):
        if (code := getattr(ledger, name)) is not None:
            yield from _known(codes, [code], (name,), listed=False)
            field = ledger.field(code)
            if field is not None and field.type not in types:
                yield (name,), f"“{field.label}”的类型不合适。", "应为：" + "、".join(sorted(types))
    if ledger.store == "snapshots" and not ledger.key:
        yield ("store",), "整批导入的台账要有 key，才能把前后两批的行对上。", "例如：key: [case_no]"
    for index, view in enumerate(ledger.views):
        here: Path = ("views", index)
        yield from _known(codes, view.columns, (*here, "columns"))
        yield from _known(codes, [each.lstrip("-") for each in view.sort], (*here, "sort"))
        if view.group:
            yield from _known(codes, [view.group], (*here, "group"), listed=False)
    yield from _unique([each.view for each in ledger.views], "views", "view", "视图")
    yield from _unique([each.rule for each in ledger.rules], "rules", "rule", "规则")
    yield from _unique([each.indicator for each in ledger.indicators], "indicators", "indicator", "指标")
    yield from _unique([each.letter for each in ledger.letters], "letters", "letter", "文书")
    yield from _rules(declared, ledger, codes)
    for index, indicator in enumerate(ledger.indicators):
        here = ("indicators", index)
        yield from _known(codes, indicator.by, (*here, "by"))
        if indicator.date:
            yield from _dates(ledger, indicator.date, (*here, "date"))
        elif ledger.date is None and indicator.numerator.ledger is None and not indicator.standing:
            yield here, "台账没有写 date，指标要写明按哪个日期归入时期。", "例如：date: accepted_on"
        for part in ("numerator", "denominator"):
            measure = getattr(indicator, part)
            if measure is None:
                continue
            if measure.of != "count" and measure.value is None:
                yield (*here, part, "of"), f"“{measure.of}”要写 value：对哪个字段计算。", ""
            if measure.ledger is not None and measure.ledger not in declared.ledgers:
                yield (
                    (*here, part, "ledger"),
                    f"没有名为“{measure.ledger}”的台账。",
                    _near(measure.ledger, declared.ledgers),
                )
    for index, letter in enumerate(ledger.letters):
        for name in ("title", "opening", "line"):
            yield from _slots(getattr(letter, name), ledger, ("letters", index, name))
    yield from _unique([each.draw for each in ledger.draws], "draws", "draw", "抽取")
    for index, draw in enumerate(ledger.draws):
        yield from _draw(declared, draw, codes, ("draws", index), secrecy=ledger.secrecy)


def _expressions(declared: Declared, ledger: Ledger, limits: Mapping[str, Limit]) -> Found:
    for each in asked(ledger, declared):
        expression, mistakes = understand(each, limits)
        if expression is None:
            for mistake in mistakes:
                yield (each.path, *_told(each.text, mistake))
        elif each.path[0] == "fields":
            yield from _hidden(ledger, expression, each.path)


def _hidden(ledger: Ledger, expression: Expression, here: Path) -> Found:
    """Look whether a computed text would show what the fields it is made from hide."""
    computed = ledger.fields[int(here[1])]
    if computed.personal or computed.type not in (FieldType.TEXT, FieldType.LONG_TEXT):
        return
    named = {name: ledger.field(name) for name in expression.column_names}
    hidden = [each for each in named.values() if each is not None and each.personal]
    if hidden:
        kind = hidden[0].personal
        yield here, f"“{hidden[0].label}”是个人信息，由它算出的文字也要标出。", f"请在这个字段里写 personal: {kind}。"


def _told(text: str, mistake: Mistake) -> tuple[str, str]:
    """Return message and hint of a mistake in *text*, with the piece of it that is meant."""
    piece = text[mistake.start : mistake.end].strip()
    message = mistake.message
    if piece and piece != text and piece.strip("'\"") not in message:
        message = f"“{piece[:40]}”：{message}"
    return message, mistake.hint


def _field(declared: Declared, ledger: Ledger, index: int, field: LedgerField) -> Found:
    here: Path = ("fields", index)
    if field.code in RESERVED:
        yield (
            (*here, "code"),
            f"“{field.code}”是表达式里的专用词，不能作字段代码。",
            "请换一个代码，名称（label）不受限制。",
        )
    choice = field.type in (FieldType.CHOICE, FieldType.CHOICES)
    if choice and field.enumeration is None:
        yield here, f"“{field.label}”是选项，要写 enumeration：从哪一组值里选。", ""
    if field.enumeration is not None:
        if not choice:
            yield (*here, "enumeration"), "只有 choice 和 choices 类型才写 enumeration。", ""
        if field.enumeration not in declared.enumerations:
            hint = _near(field.enumeration, declared.enumerations)
            yield (*here, "enumeration"), f"没有名为“{field.enumeration}”的值集。", hint
    if field.type == FieldType.REFERENCE and field.ledger is None:
        yield here, f"“{field.label}”引用别的台账，要写 ledger：哪一本。", ""
    if field.ledger is not None:
        other = declared.ledgers.get(field.ledger)
        if field.type != FieldType.REFERENCE:
            yield (*here, "ledger"), "只有 reference 类型才写 ledger。", ""
        elif other is None:
            yield (*here, "ledger"), f"没有名为“{field.ledger}”的台账。", _near(field.ledger, declared.ledgers)
        elif len(other.key) != 1:
            yield (
                (*here, "ledger"),
                f"“{other.label}”没有单个字段的 key，不能被引用。",
                "请给那本台账写 key: [一个字段]。",
            )
    if field.format:
        try:
            re.compile(field.format)
        except re.error as error:
            yield (*here, "format"), f"格式不是正确的正则表达式：{error}。", ""
        if field.type != FieldType.TEXT:
            yield (*here, "format"), "只有 text 类型才写 format。", ""
        elif _explosive(field.format):
            yield (*here, "format"), "格式里有套叠的重复（如 (a+)+），校验会极慢。", "请改写成不套叠的形式。"
    if field.computed is not None and (field.required or field.unique or field.default is not None):
        yield (*here, "computed"), "由公式算出的字段不能再写 required、unique 或 default。", ""


def _draw(declared: Declared, draw: Draw, codes: Collection[str], here: Path, *, secrecy: str) -> Found:
    for name in ("each", "strata", "avoid"):
        yield from _known(codes, getattr(draw, name), (*here, name))
    if draw.own is not None:
        yield from _known(codes, [draw.own], (*here, "own"), listed=False)
    for name in ("percent", "at_least"):
        value = getattr(draw, name)
        if isinstance(value, str) and value.removeprefix(":") not in draw.parameters:
            yield (*here, name), f"没有参数“{value}”。", "写成“:参数名”，并在 parameters 里声明。"
    for name in ("into", "reviewers"):
        code = getattr(draw, name)
        if code is not None and code not in declared.ledgers:
            yield (*here, name), f"没有名为“{code}”的台账。", _near(code, declared.ledgers)
    pool = declared.ledgers.get(draw.reviewers or "")
    if draw.category is not None:
        yield from _known(codes, draw.category[:1], (*here, "category"), listed=False)
    if pool is not None:
        theirs = [each.code for each in pool.fields]
        yield from _known(theirs, [draw.reviewer_name], (*here, "reviewer_name"), listed=False)
        yield from _known(theirs, draw.avoid, (*here, "avoid"))
        if draw.category is not None:
            yield from _known(theirs, draw.category[1:], (*here, "category"), listed=False)
    into = declared.ledgers.get(draw.into or "")
    if into is not None:
        if secrecy == "named" and into.secrecy != "named":
            yield (*here, "into"), "限专人查阅的台账不能抽取到公开的台账。", "把写入的台账也声明为 secrecy: named。"
        yield from _known([each.code for each in into.fields], list(draw.fill), (*here, "fill"), listed=False)
        slots = {*codes, *DRAW_SLOTS}
        for code, text in draw.fill.items():
            yield from _known(slots, re.findall(r"\{(\w+)\}", text), (*here, "fill", code), listed=False)
    if draw.relatives is not None:
        kin = declared.ledgers.get(draw.relatives.ledger)
        if kin is None:
            message = f"没有名为“{draw.relatives.ledger}”的台账。"
            yield (*here, "relatives", "ledger"), message, _near(draw.relatives.ledger, declared.ledgers)
        else:
            theirs = [each.code for each in kin.fields]
            named = [draw.relatives.person, draw.relatives.relative]
            yield from _known(theirs, named, (*here, "relatives"), listed=False)


def _explosive(pattern: str) -> bool:
    """Return whether a repeated group holds a repetition itself, the usual cause of endless matching."""
    return re.search(r"\([^()]*[*+}][^()]*\)\s*(?:[*+]|\{)", pattern) is not None


def _rules(declared: Declared, ledger: Ledger, codes: Collection[str]) -> Found:
    letters = [each.letter for each in ledger.letters]
    for index, rule in enumerate(ledger.rules):
        here: Path = ("rules", index)
        if rule.letter is not None and rule.letter not in letters:
            yield (
                (*here, "letter"),
                f"本台账没有名为“{rule.letter}”的文书。",
                _near(rule.letter, letters) or "请在本台账的 letters 里声明它，或删去这一行。",
            )
        if rule.recipient is not None:
            yield from _known(codes, [rule.recipient], (*here, "recipient"), listed=False)
        yield from _slots(
            rule.message,
            ledger,
            (*here, "message"),
            {"days", "due", "count", "value", "other", "period", "who", *rule.parameters},
        )
        for name in ("by", "same", "differs", "fields", "text"):
            if isinstance(listed := getattr(rule, name, None), tuple):
                yield from _known(codes, listed, (*here, name))
        if isinstance(dated := getattr(rule, "date", None), str):
            yield from _dates(ledger, dated, (*here, "date"))
        for name in ("at_least", "likeness", "grace_days"):
            value = getattr(rule, name, None)
            if isinstance(value, str) and value.removeprefix(":") not in rule.parameters:
                yield (*here, name), f"没有参数“{value}”。", "写成“:参数名”，并在 parameters 里声明。"
        if isinstance(rule, GroupRule) and rule.within is not None and (rule.date or ledger.date) is None:
            yield (*here, "within"), "限定时间内的规则要写 date：按哪个日期。", ""
        if isinstance(rule, GroupRule) and rule.distinct is not None:
            yield from _known(codes, [rule.distinct], (*here, "distinct"), listed=False)
        if isinstance(rule, AbsenceRule):
            yield from _known(codes, [rule.field], (*here, "field"), listed=False)
            if rule.who == "value" and rule.among is None:
                yield here, "who 是 value 时要写 among：应有哪些（值集或台账）。", ""
            if (
                rule.among is not None
                and rule.among not in declared.ledgers
                and rule.among not in declared.enumerations
            ):
                hint = _near(rule.among, [*declared.ledgers, *declared.enumerations])
                yield (*here, "among"), f"没有名为“{rule.among}”的台账或值集。", hint
        if isinstance(rule, ComparisonRule) and rule.with_ledger not in declared.ledgers:
            yield (
                (*here, "with_ledger"),
                f"没有名为“{rule.with_ledger}”的台账。",
                _near(rule.with_ledger, declared.ledgers),
            )
        if isinstance(rule, IndicatorRule):
            known = [each.indicator for each in ledger.indicators]
            if rule.indicator not in known:
                yield (*here, "indicator"), f"本台账没有名为“{rule.indicator}”的指标。", _near(rule.indicator, known)


def _known(codes: Collection[str], used: Collection[str], here: Path, *, listed: bool = True) -> Found:
    for index, code in enumerate(used):
        if code not in codes:
            yield (*here, index) if listed else here, f"没有名为“{code}”的字段。", _near(code, codes)


def _dates(ledger: Ledger, code: str, here: Path) -> Found:
    field = ledger.field(code)
    if field is None:
        yield here, f"没有名为“{code}”的字段。", _near(code, [each.code for each in ledger.fields])
    elif field.type not in DATES:
        yield here, f"“{field.label}”不是日期。", "请换一个 date 或 datetime 类型的字段。"


def _unique(codes: list[str], part: str, name: str, word: str) -> Found:
    for index, code in enumerate(codes):
        if codes.index(code) != index:
            yield (part, index, name), f"{word}“{code}”写了两次。", "请给其中一个换名。"


def _slots(text: str, ledger: Ledger, here: Path, more: Collection[str] = ()) -> Found:
    labels = {field.label: field.code for field in ledger.fields}
    known = {*labels.values(), *LETTER_SLOTS, *more}
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        yield here, "大括号不成对。", "空位写成 {字段代码}；要写大括号本身请写两个。"
        return
    for name in names:
        if name not in known:
            hint = (
                f"“{name}”的字段代码是 {labels[name]}，请写 {{{labels[name]}}}。"
                if name in labels
                else _near(name, known)
            )
            yield here, f"没有可以填进“{{{name}}}”的字段。", hint


def _near(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1, 0.5)
    return f"您是不是要写“{near[0]}”？" if near else ""
