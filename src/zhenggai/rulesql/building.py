"""sqlglot's tree → our typed tree, with every problem found on the way: names, types, values.

A node that is wrong is reported once and becomes None; what stands above it says nothing more about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal

from sqlglot import exp

from zhenggai.kit.errors import CannotCount
from zhenggai.kit.messages import Sentence
from zhenggai.kit.time_limits import Custody, Limit, Unit
from zhenggai.rulesql import advice
from zhenggai.rulesql.deadlines import counted_span, deadline
from zhenggai.rulesql.functions import FUNCTIONS, OPERATORS, SAME, Form, Function
from zhenggai.rulesql.functions.numbers import LEAST_INTEGER
from zhenggai.rulesql.functions.widening import WIDENING
from zhenggai.rulesql.literals import YES_NO, given_value, parse_date, parse_datetime, parse_number, type_of
from zhenggai.rulesql.parsing import hull
from zhenggai.rulesql.problems import Problem
from zhenggai.rulesql.reading import Plain
from zhenggai.rulesql.tree import Bound, Call, Const, Field, Node
from zhenggai.rulesql.types import MOMENTS, NUMBERS, WIDER, Pair, Table, Type, likely

MOST_VALUES = 1_000
AS_OF = "as_of"
_TODAY = frozenset({"as_of", "current_date", "today", "今天", "今日", "当前日期"})
_WORDS = frozenset({"null", "true", "false"})
_BINARY: Mapping[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=", exp.Add: "+", exp.Sub: "-",
    exp.Mul: "*", exp.Div: "/", exp.IntDiv: "//", exp.Mod: "%", exp.DPipe: "||",
}  # fmt: skip
COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">=", "in", "not in", "between"})
_LONGEST_PATTERN, _MOST_WILD = 200, 4


class Builder:
    """Builds one expression."""

    def __init__(
        self,
        text: Plain,
        table: Table | Pair,
        parameters: Mapping[str, object],
        limits: Mapping[str, Limit],
        dated: Mapping[int, str],
        brackets: Mapping[int, int],
    ) -> None:
        """Take what names may mean; *dated* and *brackets* are those of the words."""
        self.text = text
        self.table = table
        self.parameters = parameters
        self.limits = limits
        self.dated = dated
        self.brackets = brackets
        self.found: list[Problem] = []
        self._build: Mapping[type[exp.Expr], Callable[[exp.Expr], Node | None]] = {
            exp.Paren: lambda node: self.build(node.this),
            exp.Column: self._column,
            exp.Literal: self._literal,
            exp.Anonymous: self._function,
            exp.And: lambda node: self._chain(node, "and"),
            exp.Or: lambda node: self._chain(node, "or"),
            exp.Not: self._not,
            exp.Is: lambda node: self._is(node, True),
            exp.In: lambda node: self._in(node, "in"),
            exp.Between: self._between,
            exp.Like: self._like,
            exp.Neg: self._negate,
            exp.Case: self._case,
            **dict.fromkeys(_BINARY, self._binary),
        }

    # -- places and problems

    def place(self, node: exp.Expr) -> tuple[int, int]:
        """Return where *node* stands in the author's text."""
        start, end = hull(node, self.brackets)
        return self.text.span(start, end) if end else self.text.span(0, len(self.text.text))

    def report(self, code: str, place: tuple[int, int], **slots: object) -> None:
        """Note one problem."""
        self.found.append(Problem(code, *place, slots))

    # -- the tree

    def build(self, node: exp.Expr) -> Node | None:
        """Return *node* as a typed tree, or None when something below it is wrong."""
        return self._build[type(node)](node)

    def widened(self, node: Node, kind: Type) -> Node | None:
        """Return *node* as a value of *kind*, where it is one or can become one."""
        return self._coerce(node, kind)

    def _many(self, nodes: Sequence[exp.Expr]) -> list[Node] | None:
        built = [self.build(each) for each in nodes]
        sound = [each for each in built if each is not None]
        return sound if len(sound) == len(built) else None

    def _chain(self, node: exp.Expr, word: str) -> Node | None:
        parts: list[exp.Expr] = []
        kind = type(node)
        while True:
            if type(node) is kind:
                parts.append(node.expression)
                node = node.this
            else:
                parts.append(node)
                break
        parts.reverse()
        built = [self._condition(each, word.upper()) for each in parts]
        sound = [each for each in built if each is not None]
        if len(sound) != len(built):
            return None
        function = OPERATORS[word]
        return Call(Type.BOOLEAN, function, function.forms[0], tuple(sound), sound[0].start, sound[-1].end)

    def _condition(self, node: exp.Expr, where: str) -> Node | None:
        built = self.build(node)
        if built is None:
            return None
        kept = self._coerce(built, Type.BOOLEAN)
        if kept is None:
            self.report("need_boolean", self.place(node), where=where, type=_kind(built))
        return kept

    def _not(self, node: exp.Expr) -> Node | None:
        inner = node.this
        while isinstance(inner, exp.Paren) and isinstance(inner.this, exp.Paren):
            inner = inner.this
        if isinstance(inner, exp.In):
            return self._in(inner, "not in")
        if isinstance(inner, exp.Is):
            return self._is(inner, False)
        built = self._condition(inner, "NOT")
        return None if built is None else self._apply(OPERATORS["not"], [built], self.place(node))

    def _is(self, node: exp.Expr, positive: bool) -> Node | None:
        value = self.build(node.this)
        word = node.expression.name.lower() if isinstance(node.expression, exp.Column) else ""
        place = self.place(node)
        if word not in _WORDS or node.expression.this.args.get("quoted"):
            self.report("is_what", place)
            return None
        if value is None:
            return None
        if word == "null":
            return self._apply(OPERATORS["is null" if positive else "is not null"], [value], place)
        told = self._apply(OPERATORS[f"is {word}"], [value], place)
        return told if positive or told is None else self._apply(OPERATORS["not"], [told], place)

    def _in(self, node: exp.Expr, word: str) -> Node | None:
        values = node.expressions
        place = self.place(node)
        if len(values) > MOST_VALUES:
            self.report("too_many_values", place, count=len(values), limit=MOST_VALUES)
            return None
        built = self._many([node.this, *values])
        if built is None:
            return None
        if any(isinstance(each, Const) and each.value is None for each in built[1:]):
            self.report("note_not_in_null" if word == "not in" else "note_in_null", place)
        return self._apply(OPERATORS[word], built, place)

    def _between(self, node: exp.Expr) -> Node | None:
        built = self._many([node.this, node.args["low"], node.args["high"]])
        if built is None:
            return None
        call = self._apply(OPERATORS["between"], built, self.place(node))
        if isinstance(call, Call):
            low, high = call.args[1], call.args[2]
            both = isinstance(low, Const) and isinstance(high, Const)
            if both and low.value is not None and high.value is not None and low.value > high.value:  # type: ignore[operator, union-attr]  # of one ordered type, by the signature  # fmt: skip
                self.report("empty_between", self.place(node))
        return call

    def _like(self, node: exp.Expr) -> Node | None:
        built = self._many([node.this, node.expression])
        if built is None:
            return None
        place = self.place(node)
        pattern = built[1]
        if not isinstance(pattern, Const) or not isinstance(pattern.value, str):
            self._need_literal(OPERATORS["like"], 1, place)
            return None
        text = pattern.value
        reason = (
            "反斜线" if "\\" in text
            else f"超过 {_LONGEST_PATTERN} 个字" if len(text) > _LONGEST_PATTERN
            else f"超过 {_MOST_WILD} 个 %" if text.count("%") > _MOST_WILD
            else "[ 或 ]，这里不是正则表达式" if "[" in text or "]" in text
            else ""
        )  # fmt: skip
        if reason:
            self.report("bad_pattern", (pattern.start, pattern.end), reason=reason)
            return None
        inner = text.strip("%")
        if "_" not in text and "%" not in inner and inner:
            # What LIKE is mostly used for has a plain name, which also reads better.
            front, back = text.startswith("%"), text.endswith("%")
            name = {(True, True): "contains", (False, True): "starts_with", (True, False): "ends_with"}.get(
                (front, back)
            )
            plain = replace(pattern, value=inner)
            return self._apply(FUNCTIONS[name] if name else OPERATORS["="], [built[0], plain], place)
        return self._apply(OPERATORS["like"], built, place)

    def _negate(self, node: exp.Expr) -> Node | None:
        value = self.build(node.this)
        if value is None:
            return None
        if isinstance(value, Const) and isinstance(value.value, int | Decimal) and not isinstance(value.value, bool):
            return replace(value, value=max(-value.value, LEAST_INTEGER))
        return self._apply(OPERATORS["negate"], [value], self.place(node))

    def _case(self, node: exp.Expr) -> Node | None:
        place = self.place(node)
        conditions = [self._condition(each.this, "WHEN") for each in node.args["ifs"]]
        values = [self.build(each.args["true"]) for each in node.args["ifs"]]
        default = node.args.get("default")
        values.append(Const(None, None, *place) if default is None else self.build(default))
        sound = [each for each in values if each is not None]
        if None in conditions or len(sound) != len(values):
            return None
        kept = self._alike(sound, OPERATORS["case"].forms[0])
        if kept is None:
            types = "、".join(dict.fromkeys(each.type.label for each in sound if each.type))
            self.report("mixed_types" if types else "no_type", place, types=types)
            return None
        args: list[Node] = []
        for condition, value in zip(conditions, kept, strict=False):
            if condition is not None:
                args += [condition, value]
        args.append(kept[-1])
        kind = kept[-1].type
        return Call(kind, OPERATORS["case"], OPERATORS["case"].forms[0], tuple(args), *place) if kind else None

    def _binary(self, node: exp.Expr) -> Node | None:
        name = _BINARY[type(node)]
        built = self._many([node.this, node.expression])
        if built is None:
            return None
        place = self.place(node)
        if name in ("=", "<>") and any(isinstance(each, Const) and each.type is None for each in built):
            other = built[1] if isinstance(built[0], Const) and built[0].type is None else built[0]
            words = self.excerpt(other)
            self.report("equals_null", place, instead=f"{words} IS {'NOT ' if name == '<>' else ''}NULL")
            return None
        return self._apply(OPERATORS[name], built, place)

    def excerpt(self, node: Node) -> str:
        """Return what the author wrote for *node*, as plain text."""
        kept = [
            char
            for char, start in zip(self.text.text, self.text.places, strict=False)
            if node.start <= start < node.end
        ]
        return "".join(kept)[:60] or "…"

    # -- names

    def _column(self, node: exp.Expr) -> Node | None:
        name, quoted = node.name, bool(node.this.args.get("quoted"))
        place = self.place(node)
        word = node.args["table"].name if node.args.get("table") else ""
        if isinstance(self.table, Pair):
            return self._sided(self.table, word, name, quoted, place)
        if word and word not in (self.table.name, self.table.label):
            self.report("no_side", place, word=word)
            return None
        return self._named(self.table, name, quoted, place)

    def _sided(self, pair: Pair, word: str, name: str, quoted: bool, place: tuple[int, int]) -> Node | None:
        if word:
            side = pair.side(word)
            if not side:
                self.report("unknown_side", place, word=word)
                return None
            return self._named(pair.left if side == "left" else pair.right, name, quoted, place, side)
        if pair.left.column(name) or pair.right.column(name):
            self.report("need_side", place, name=name)
            return None
        return self._named(pair.left, name, quoted, place)

    def _named(self, table: Table, name: str, quoted: bool, place: tuple[int, int], side: str = "") -> Node | None:
        column = None if name.startswith(":") else table.column(name)
        if column is not None:
            return Field(column.type, column, side, *place)
        lower = name.lower()
        if not quoted and not side:
            if lower in _WORDS:
                value = {"null": None, "true": True, "false": False}[lower]
                return Const(None if value is None else Type.BOOLEAN, value, *place)
            given = self._parameter(name, place)
            if given is not None:
                return given
            if lower in _TODAY:
                return self._today(name, place)
            if lower in advice.INSTEAD:
                self.report("use_instead", place, name=name, instead=advice.INSTEAD[lower])
                return None
        self._unknown(table, name, quoted, place)
        return None

    def _parameter(self, name: str, place: tuple[int, int]) -> Bound | None:
        key = name.removeprefix(":")
        kind = type_of(self.parameters[key]) if key in self.parameters else None
        return Bound(kind, key, *place) if kind else None

    def _today(self, name: str, place: tuple[int, int]) -> Bound:
        if name.lower() != AS_OF:
            self.report("note_today", place, word=name)
        return Bound(Type.DATE, AS_OF, *place)

    def _unknown(self, table: Table, name: str, quoted: bool, place: tuple[int, int]) -> None:
        if name.startswith(":"):
            self.report("unknown_parameter", place, name=name[1:], known="、".join(self.parameters) or "无")
            return
        values = {text for column in table.columns for each in column.choices for text in (each.code, each.label)}
        near = likely(name, [*table.names(), *self.parameters])
        if name in values or (quoted and not near):
            self.report("text_without_quotes", place, name=name)
        elif near:
            self.report("unknown_column_likely", place, name=name, likely=near)
        else:
            known = [each.title for each in table.columns]
            self.report("unknown_column", place, name=name, known=advice.some(known))

    def _function(self, node: exp.Expr) -> Node | None:
        name = str(node.this)
        key = name.lower()
        place = self.place(node)
        arguments = node.expressions
        if key in _TODAY and not arguments:
            return self._today(key, place)
        function = FUNCTIONS.get(key)
        if function is None:
            if key in advice.INSTEAD:
                self.report("use_instead", place, name=name, instead=advice.INSTEAD[key])
            elif near := likely(key, FUNCTIONS):
                self.report("unknown_function_likely", place, name=name, likely=near)
            else:
                self.report("unknown_function", place, name=name)
            return None
        built = self._many(arguments)
        if built is None:
            return None
        if key == "deadline":
            return self._deadline(built, place)
        if key == "if" and len(built) == 3:
            condition = self._condition(arguments[0], "if")
            if condition is None:
                return None
            built[0] = condition
        return self._apply(function, built, place)

    # -- limits

    def _deadline(self, args: list[Node], place: tuple[int, int]) -> Node | None:
        function = FUNCTIONS["deadline"]
        if not 2 <= len(args) <= 4:
            self._count_problem(function, len(args), place)
            return None
        code = args[0]
        if not isinstance(code, Const) or not isinstance(code.value, str):
            self._need_literal(function, 0, place)
            return None
        limit = self.limits.get(code.value)
        if limit is None:
            near = likely(code.value, self.limits)
            known = near or advice.some(list(self.limits), 3)
            self.report("unknown_limit", (code.start, code.end), name=code.value, known=known or "…")
            return None
        start = self._coerce(args[1], Type.DATE)
        held: Node | None = None
        variant: str | None = None
        for each in args[2:]:
            if isinstance(each, Const) and isinstance(each.value, str) and each.value not in YES_NO:
                variant = each.value
            else:
                held = self._coerce(each, Type.BOOLEAN)
                if held is None:
                    start = None
        if start is None:
            self._wrong_arguments(function, args, place)
            return None
        try:
            span = counted_span(limit, variant)
        except CannotCount:
            known = "、".join(each.name for each in limit.variants) or "无"
            self.report("unknown_variant", place, name=limit.code, variant=variant, known=known)
            return None
        if span.unit is Unit.HOUR:
            self.report("limit_in_hours", place, name=limit.code)
            return None
        if limit.custody is Custody.ASKED and held is None and limit.rolls:
            self.report("note_held", place, name=limit.code)
        if not limit.verified:
            self.report("note_unverified", place, name=limit.code)
        return deadline(limit, span, start, held, place)

    # -- values

    def _literal(self, node: exp.Expr) -> Node | None:
        place = self.place(node)
        if not node.args.get("is_string"):
            number = parse_number(node.name)
            if number is None:
                self.report("bad_number", place, text=node.name[:40])
                return None
            return Const(Type.INTEGER if isinstance(number, int) else Type.DECIMAL, number, *place)
        word = self.dated.get(hull(node)[0])
        if word is None:
            return Const(Type.TEXT, node.name, *place)
        return self._moment(node.name, Type.DATE if word == "DATE" else Type.DATETIME, place)

    def _moment(self, text: str, kind: Type, place: tuple[int, int]) -> Const | None:
        value = parse_date(text) if kind is Type.DATE else parse_datetime(text)
        if value is None:
            self.report("bad_date" if kind is Type.DATE else "bad_datetime", place, text=text[:40])
            return None
        return Const(kind, value, *place)

    # -- types

    def _apply(self, function: Function, args: list[Node], place: tuple[int, int]) -> Node | None:
        """Return *function* applied to *args*, by its first signature that takes them."""
        fitting = [form for form in function.forms if form.fits(len(args))]
        if not fitting:
            self._count_problem(function, len(args), place)
            return None
        before = len(self.found)
        for form in fitting:
            kept = self._taken(form, args)
            if len(self.found) > before:
                return None  # a date that does not exist, told where it stands
            if kept is None:
                continue
            if not self._sound(function, kept, place):
                return None
            if function.name in COMPARISONS or function.name == "has":
                chosen = self._choices(kept)
                if chosen is None:
                    return None
                kept = chosen
            gives = form.gives if isinstance(form.gives, Type) else self._shared(form, kept)
            return Call(gives, function, form, tuple(kept), *place)
        self._mismatch(function, args, place)
        return None

    def _shared(self, form: Form, args: Sequence[Node]) -> Type:
        found = (each.type for each, taken in zip(args, form.taken(len(args)), strict=True) if taken is SAME)
        return next((each for each in found if each), Type.TEXT)

    def _taken(self, form: Form, args: Sequence[Node]) -> list[Node] | None:
        """Return *args* as *form* takes them, or None when it does not."""
        taken = form.taken(len(args))
        alike = [arg for arg, kind in zip(args, taken, strict=True) if kind is SAME]
        shared = iter(self._alike(alike, form) or ()) if alike else iter(())
        kept: list[Node] = []
        for arg, kind in zip(args, taken, strict=True):
            each = next(shared, None) if not isinstance(kind, Type) else self._coerce(arg, kind)
            if each is None:
                return None
            kept.append(each)
        return kept

    def _alike(self, args: Sequence[Node], form: Form) -> list[Node] | None:
        """Return *args* widened to one type, or None when they have none in common."""
        kinds = {each.type for each in args if each.type is not None}
        written = {each.type for each in args if isinstance(each, Const)}
        firm = {each.type for each in args if not isinstance(each, Const) and each.type is not None}
        if kinds <= NUMBERS and len(kinds) == 2:
            goal = Type.DECIMAL
        elif Type.DATETIME in kinds and kinds - MOMENTS <= {Type.TEXT} & written:
            goal = Type.DATETIME
        elif Type.DATE in kinds and kinds - MOMENTS <= {Type.TEXT} & written:
            goal = Type.DATE
        elif firm == {Type.BOOLEAN} and kinds - firm <= {Type.TEXT} & written:
            goal = Type.BOOLEAN
        elif len(kinds) == 1:
            goal = next(iter(kinds))
        else:
            return None
        if goal not in form.same:
            return None
        kept = [self._coerce(each, goal) for each in args]
        sound = [each for each in kept if each is not None]
        return sound if len(sound) == len(kept) else None

    def _coerce(self, node: Node, kind: Type) -> Node | None:
        """Return *node* as a value of *kind*; None when it is not one, having said so only of a date that cannot be."""
        if node.type is kind:
            return node
        if isinstance(node, Const):
            if node.type is None:
                return replace(node, type=kind)
            if node.type is Type.TEXT and isinstance(node.value, str):
                if kind in MOMENTS:
                    return self._moment(node.value, kind, (node.start, node.end))
                if kind is Type.BOOLEAN and node.value in YES_NO:
                    return replace(node, type=kind, value=YES_NO[node.value])
            if node.type is Type.INTEGER and kind is Type.DECIMAL and isinstance(node.value, int):
                value = parse_number(f"{abs(node.value)}.0")
                return None if value is None else replace(node, type=kind, value=value.copy_sign(node.value) if isinstance(value, Decimal) else value)  # fmt: skip
            if node.type is Type.DATE and kind is Type.DATETIME and node.value is not None:
                return replace(node, type=kind, value=datetime.combine(node.value, time()))  # type: ignore[arg-type]  # a date, by its type  # fmt: skip
        if isinstance(node, Bound) and node.type is Type.TEXT and kind in MOMENTS:
            # Packs write parameters in YAML, where a day may be a text.
            fits = given_value(self.parameters.get(node.name), kind) is not None
            return replace(node, type=kind) if fits else None
        if node.type is not None and WIDER.get(node.type) is kind:
            step = WIDENING[kind]
            return Call(kind, step, step.forms[0], (node,), node.start, node.end)
        return None

    def _sound(self, function: Function, args: Sequence[Node], place: tuple[int, int]) -> bool:
        """Tell whether the values written out are ones that the function can use."""
        for at in sorted(function.literal):
            if at < len(args) and not (isinstance(args[at], Const) and args[at].value is not None):  # type: ignore[union-attr]  # a constant, tested first  # fmt: skip
                self._need_literal(function, at, place)
                return False
        if function.name == "round" and len(args) == 2:
            digits = args[1]
            if not (isinstance(digits, Const) and isinstance(digits.value, int) and 0 <= digits.value <= 6):
                self.report("bad_range", place, parameter="小数位数", low=0, high=6)
                return False
        moments = {each.type for each in args if not isinstance(each, Const)}
        widened = any(isinstance(each, Call) and each.function is WIDENING[Type.DATETIME] for each in args)
        dated = any(isinstance(each, Const) and isinstance(each.value, datetime) and each.value.time() == time() for each in args)  # fmt: skip
        if function.name in ("=", "<>") and Type.DATETIME in moments and (widened or dated):
            self.report("note_datetime_equals_date", place)
        return True

    def _choices(self, args: list[Node]) -> list[Node] | None:
        """Return *args* with the values of a choice by their codes, having refused values that it does not have."""
        column = next((each.column for each in args if isinstance(each, Field) and each.column.values), None)
        if column is None:
            return args
        kept: list[Node] = []
        sound = True
        for each in args:
            if not isinstance(each, Const) or not isinstance(each.value, str) or each.type is not Type.TEXT:
                kept.append(each)
                continue
            choice = column.choice(each.value)
            if choice is None:
                known = [one.label or one.code for one in column.choices]
                near = likely(each.value, [*known, *(one.code for one in column.choices)])
                code = "not_a_choice_likely" if near else "not_a_choice"
                slots = {"column": column.title, "value": each.value, "likely": near, "known": advice.some(known, 20)}
                self.report(code, (each.start, each.end), **slots)
                sound = False
                continue
            kept.append(replace(each, value=choice.code, choice=choice))
        return kept if sound else None

    # -- what does not fit

    def _count_problem(self, function: Function, count: int, place: tuple[int, int]) -> None:
        self.report(
            "argument_count", place, name=function.name, count=count, signature=function.signature, example=function.example
        )  # fmt: skip

    def _need_literal(self, function: Function, at: int, place: tuple[int, int]) -> None:
        self.report(
            "need_literal", place, name=function.name, parameter=function.parameters[at], example=function.example
        )

    def _wrong_arguments(self, function: Function, args: Sequence[Node], place: tuple[int, int]) -> None:
        types = "、".join(each.type.label if each.type else "NULL" for each in args)
        self.report(
            "wrong_arguments", place, name=function.name, types=types, signature=function.signature, example=function.example
        )  # fmt: skip

    def _mismatch(self, function: Function, args: Sequence[Node], place: tuple[int, int]) -> None:
        if not function.operator:
            self._wrong_arguments(function, args, place)
            return
        if len(args) == 1:
            self.report("wrong_operand", place, type=_kind(args[0]), operator=function.name)
            return
        odd = next((each for each in args[1:] if each.type != args[0].type), args[1])
        left, right = _kind(args[0]), _kind(odd)
        if args[0].type is odd.type and function.name in COMPARISONS:
            self.report("order_of_booleans", place, type=left)
            return
        words = advice.between(function.name, args[0], odd)
        code = "not_comparable" if function.name in COMPARISONS else "wrong_operands"
        self.report(code, place, left=left, right=right, operator=function.name, advice=words)


def _kind(node: Node) -> Sentence:
    """Return what people call the type of *node*."""
    return Sentence(node.type.label if node.type else "NULL")
