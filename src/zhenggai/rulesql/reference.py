"""The table of functions as text for people: what pages list, and what the manual prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhenggai.kit.messages import Translate, gettext_noop
from zhenggai.rulesql.functions import FUNCTIONS, OPERATORS, SAME
from zhenggai.rulesql.functions.base import Form, Function
from zhenggai.rulesql.types import Type

_ANY = gettext_noop("同类的值")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table."""

    group: str
    """Where it is listed."""
    name: str
    """How it is called."""
    signature: str
    """How it is written."""
    takes: str
    """Types of what it takes."""
    gives: str
    """Type of what it gives."""
    says: str
    """What it does."""
    example: str
    """How it is used."""


def entries(translate: Translate = gettext_noop) -> Iterator[Entry]:
    """Yield every operator and function, group by group; words pass through *translate*."""
    every = [*OPERATORS.values(), *FUNCTIONS.values()]
    groups = list(dict.fromkeys(each.group for each in every))
    for each in sorted(every, key=lambda one: groups.index(one.group)):
        yield Entry(
            translate(each.group), each.name, each.signature, _takes(each, translate),
            " / ".join(dict.fromkeys(_name(form.gives, translate) for form in each.forms)), translate(each.says), each.example,
        )  # fmt: skip


def _takes(each: Function, translate: Translate) -> str:
    return " / ".join(dict.fromkeys(_form(form, translate) for form in each.forms))


def _form(form: Form, translate: Translate) -> str:
    return "、".join(_name(each, translate) for each in form.takes)


def _name(kind: object, translate: Translate) -> str:
    return translate(_ANY if kind is SAME or not isinstance(kind, Type) else kind.label)


def manual() -> str:
    """Return the page of the manual that lists every operator and function."""
    lines = [
        "# 条件里可以用的函数和运算符",
        "",
        "本页由函数表生成，写法和例子与程序一致。怎样写条件见[规则语言](rulesql.md)。",
    ]
    group = ""
    for each in entries():
        if each.group != group:
            group = each.group
            lines += ["", f"## {group}", "", "| 写法 | 用于 | 得到 | 说明 | 例子 |", "|---|---|---|---|---|"]
        cells = (f"`{each.signature}`", each.takes, each.gives, each.says, f"`{each.example}`")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
