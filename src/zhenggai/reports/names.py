"""The names a template may use: declared once, from which come the list people read, the check, and trial values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhenggai.render.docx import Value


@dataclass(frozen=True, slots=True)
class Name:
    """One name."""

    name: str
    """As it stands in a mark."""
    label: str
    """What it is, for people."""
    example: Value = ""
    """A value of its kind, for a trial."""
    parts: tuple[Name, ...] = ()
    """Names of what it holds, where it holds more than one value."""
    many: bool = False
    """Whether it is a list that can be looped over."""


def text(name: str, label: str, example: str = "") -> Name:
    """Return a name of a text."""
    return Name(name, label, example or label)


def number(name: str, label: str, example: int = 3) -> Name:
    """Return a name of a count."""
    return Name(name, label, example)


def many(name: str, label: str, *parts: Name) -> Name:
    """Return a name of a list of records; without parts of a list of texts."""
    return Name(name, label, label, parts, many=True)


def by_name(names: tuple[Name, ...]) -> Mapping[str, Name]:
    """Return *names* under what they are called."""
    return {each.name: each for each in names}


_SECOND = {"一、": "二、", "（一）": "（二）", "1": "2", 1: 2}
"""What a number of order is in the second record of a trial."""


def trial_values(names: tuple[Name, ...], *, second: bool = False) -> dict[str, Any]:
    """Return values of all *names*, lists of two, for a trial of a template.

    Args:
        names: the names.
        second: whether it is the second record of a list, whose numbers of order are the next ones.
    """
    return {each.name: _trial(each, second) for each in names}


def _trial(name: Name, second: bool) -> Any:
    if name.many and name.parts:
        return [trial_values(name.parts), trial_values(name.parts, second=True)]
    if name.many:
        return [name.example, name.example]
    if name.parts:
        return trial_values(name.parts)
    return _SECOND.get(name.example, name.example) if second and isinstance(name.example, str | int) else name.example


def listed(names: tuple[Name, ...], prefix: str = "") -> Iterator[tuple[str, str, bool]]:
    """Yield each name with what it is and whether it is a list, those inside lists with the name of a record before them."""
    for each in names:
        yield prefix + each.name, each.label, each.many
        inner = f"{each.name.rstrip('s')}." if each.many else f"{prefix}{each.name}."
        yield from listed(each.parts, inner)
