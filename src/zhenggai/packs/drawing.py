"""A declared draw carried out: rows of a ledger and a seed → the keys drawn, and who is asked to look at each.

Plain values in, plain values out; the order is that of :mod:`zhenggai.kit.drawing`, so that anybody who holds the list
and the seed draws the same and hands out the same.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhenggai.kit.drawing import Member, draw, key_of
from zhenggai.packs.declarations import Draw

Row = Mapping[str, Any]


class Why(StrEnum):
    """Why somebody has to stand aside."""

    OWN = "own"
    """It is their own work."""
    SAME = "same"
    """It is the work of their own department."""
    RELATIVE = "relative"
    """It is the work of a relative."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one value of ``each`` gave: one prosecutor."""

    group: tuple[str, ...]
    """The value."""
    rows: int
    """How many rows could be drawn."""
    drawn: tuple[str, ...]
    """Keys of the rows drawn, in drawn order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked to look at a row."""

    key: str
    """Key of the row."""
    reviewer: str | None
    """The person; ``None`` when everybody in the pool has to stand aside."""
    aside: tuple[str, ...] = ()
    """Who had to stand aside."""
    reasons: tuple[Why, ...] = ()
    """Why, for each of them."""


def parameter(declaration: Draw, value: float | str) -> float:
    """Return a number of the draw, looked up when it is written as ``:name``."""
    if isinstance(value, str):
        return float(declaration.parameters[value.removeprefix(":")].value or 0)
    return float(value)


def draw_rows(declaration: Draw, rows: Iterable[Row], *, key: str, seed: str) -> list[Share]:
    """Return what *seed* draws, by group, in the order of the groups.

    Args:
        declaration: what is to be drawn.
        rows: those that may be drawn, each once, in any order.
        key: the field that tells them apart.
        seed: kept before anything is drawn.
    """
    groups: dict[tuple[str, ...], list[Member]] = {}
    for row in rows:
        group = tuple(str(row.get(code) or "") for code in declaration.each)
        stratum = "|".join(str(row.get(code) or "") for code in declaration.strata)
        groups.setdefault(group, []).append(Member(str(row[key]), stratum))
    percent = parameter(declaration, declaration.percent)
    at_least = int(parameter(declaration, declaration.at_least))
    shares = []
    for group, members in sorted(groups.items()):
        size = max(at_least, math.ceil(round(len(members) * percent / 100, 9)))
        shares.append(Share(group, len(members), tuple(draw(members, seed=seed, size=size))))
    return shares


def ask_reviewers(
    declaration: Draw,
    rows: Sequence[Row],
    pool: Iterable[Row],
    *,
    key: str,
    seed: str,
    relatives: Collection[frozenset[str]] = frozenset(),
) -> list[Asked]:
    """Hand out *rows* to the people of *pool*: whoever has least of those who know the matter and need not stand aside.

    Args:
        declaration: the draw.
        rows: those drawn, in the order in which they are handed out.
        pool: the people present, a row for each category of each.
        key: the field that tells rows apart.
        seed: settles who of several with equally little is asked.
        relatives: pairs of people who are related.
    """
    pool = list(pool)
    load: dict[str, int] = {}
    asked = []
    for row in rows:
        candidates, aside = set[str](), dict[str, Why]()
        for person in pool:
            name = str(person[declaration.reviewer_name])
            if declaration.category and row.get(declaration.category[0]) != person.get(declaration.category[1]):
                continue
            why = _stands_aside(declaration, row, person, relatives)
            if why is None:
                candidates.add(name)
            else:
                aside[name] = min(why, aside.get(name, why))
        free = sorted(
            candidates - aside.keys(), key=lambda name: (load.get(name, 0), key_of(seed, f"{row[key]}:{name}"), name)
        )
        names = tuple(sorted(aside))
        if free:
            load[free[0]] = load.get(free[0], 0) + 1
        asked.append(Asked(str(row[key]), free[0] if free else None, names, tuple(aside[name] for name in names)))
    return asked


def _stands_aside(declaration: Draw, row: Row, person: Row, relatives: Collection[frozenset[str]]) -> Why | None:
    whose = row.get(declaration.own) if declaration.own is not None else None
    name = person[declaration.reviewer_name]
    if whose is not None and whose == name:
        return Why.OWN
    if declaration.avoid and all(row.get(code) == person.get(code) for code in declaration.avoid):
        return Why.SAME
    if whose is not None and frozenset((str(whose), str(name))) in relatives:
        return Why.RELATIVE
    return None
