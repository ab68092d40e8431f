"""Rules over texts: a row whose words are like those of an earlier one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from zhenggai.kit.workdays import add_months
from zhenggai.likeness import Index, Match
from zhenggai.packs.declarations import RepeatRule
from zhenggai.watch.compiling import number_of, window_of
from zhenggai.watch.facts import MOST_ROWS, Fact
from zhenggai.watch.scene import Row, Scene
from zhenggai.watch.settings import Effective

MOST_TEXTS = 50_000
"""How many texts are held against each other, the newest of them."""


def say(scene: Scene, each: Effective, rule: RepeatRule) -> tuple[list[Fact], int]:
    """Return which rows repeat an earlier one: one fact for the later row, naming those before it."""
    context = scene.context(each)
    where = scene.writer([]).where(context.read(rule.where)) if rule.where else "TRUE"
    columns = [*scene.columns_for(rule), *rule.text, *rule.same, *rule.differs, *([rule.date] if rule.date else [])]
    rows = scene.select(columns, where)
    unknown = sum(1 for row in rows if not _text(rule, row))
    told = [row for row in rows if _text(rule, row)]
    told.sort(key=lambda row: (_day(rule, row) or date.min, row["row_id"]))
    least = float(number_of(rule.likeness, each.values, rule.label))
    facts = []
    for alike in _groups(rule, told[-MOST_TEXTS:]):
        facts += list(_later(scene, each, rule, alike, least))
    return facts, unknown


def _groups(rule: RepeatRule, rows: Iterable[Row]) -> Iterable[list[Row]]:
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if all(row.get(code) is not None for code in rule.same):
            groups[tuple(row.get(code) for code in rule.same)].append(row)
    return (group for group in groups.values() if len(group) > 1)


def _later(scene: Scene, each: Effective, rule: RepeatRule, rows: list[Row], least: float) -> Iterable[Fact]:
    index: Index[str] = Index()
    known: dict[str, Row] = {}
    for row in rows:
        matches = [
            match for match in index.find(_text(rule, row), threshold=least) if _fits(rule, row, known[match.key])
        ]
        if matches:
            yield _fact(scene, each, rule, row, matches, known)
        index.add(row["row_id"], _text(rule, row))
        known[row["row_id"]] = row


def _fits(rule: RepeatRule, row: Row, earlier: Row) -> bool:
    if any(row.get(code) == earlier.get(code) for code in rule.differs):
        return False
    days, months = window_of(rule.within)
    here, there = _day(rule, row), _day(rule, earlier)
    if days is None and months is None:
        return True
    if here is None or there is None:
        return False
    last = there + timedelta(days=days) if days is not None else add_months(there, months or 0)
    return here < last


def _fact(
    scene: Scene, each: Effective, rule: RepeatRule, row: Row, matches: list[Match[str]], known: dict[str, Row]
) -> Fact:
    others = "、".join(scene.words.title(known[match.key]) for match in matches[:5])
    told = {name: str(value) for name, value in each.values.items() if value is not None}
    percent = f"{matches[0].score * 100:.0f}%"
    told |= {"other": others, "likeness": percent}
    shown = {**scene.shown(row, scene.columns_for(rule)), "other": others, "likeness": percent}
    ids = (str(row["row_id"]), *(match.key for match in matches))
    return Fact(
        f"row:{row['row_id']}", rule.severity.value, scene.words.title(row), scene.words.sentence(rule, row, told), shown,
        ids[:MOST_ROWS], len(ids), place=scene.place(rule, row),
    )  # fmt: skip


def _text(rule: RepeatRule, row: Row) -> str:
    return "\n".join(str(row[code]) for code in rule.text if row.get(code))


def _day(rule: RepeatRule, row: Row) -> date | None:
    day = row.get(rule.date or "")
    return day.date() if isinstance(day, datetime) else day if isinstance(day, date) else None
