"""Rules over groups: too many rows alike within a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from zhenggai.oversight.wording import chinese_day
from zhenggai.packs.declarations import GroupRule
from zhenggai.rulesql.plans import Counted, Group
from zhenggai.rulesql.plans import GroupRule as Asked
from zhenggai.rulesql.tree import Value
from zhenggai.watch.compiling import group_rule
from zhenggai.watch.facts import MOST_ROWS, Fact
from zhenggai.watch.scene import Scene
from zhenggai.watch.settings import Effective

Keys = tuple[Value, ...]
"""What the rows of a group have in common."""


def say(scene: Scene, each: Effective, rule: GroupRule) -> tuple[list[Fact], int]:
    """Return what a rule over groups says, and how many rows belong to no group for want of a value."""
    found = scene.engine.groups(group_rule(rule, scene.context(each), each.values), scene.run())
    return _facts(scene, each, rule, found.groups), found.unknown


def say_of(
    scene: Scene, each: Effective, rule: GroupRule, some: str, keys: set[Keys], lacking: tuple[str, str]
) -> tuple[list[Fact], int]:
    """Return what a rule says of some groups alone, and how many rows more than before belong to no group.

    Args:
        scene: the ledger.
        each: the rule as it runs.
        rule: the same.
        some: what all rows of these groups, and some others, are called in the engine.
        keys: what the rows of each of these groups have in common.
        lacking: what the changed rows are called as they were and as they are.
    """
    asked = group_rule(rule, scene.context(each), each.values)
    before, now = (scene.engine.groups(_among(asked, name), scene.run()).unknown for name in lacking)
    found = scene.engine.groups(_among(asked, some), scene.run()).groups
    return _facts(scene, each, rule, [group for group in found if group.keys in keys]), now - before


def keys_in(scene: Scene, each: Effective, rule: GroupRule, name: str) -> set[Keys]:
    """Return the keys of all groups in which rows are that the engine knows under a name."""
    asked = replace(_among(group_rule(rule, scene.context(each), each.values), name), at_least=1, where=None)
    whole = replace(asked, counted=Counted.COUNT, of=None, on=None, days=None, months=None)
    return {group.keys for group in scene.engine.groups(whole, scene.run()).groups}


def subject_of(keys: Keys) -> str:
    """Return how the subjects of all facts of one group begin."""
    return f"group:{key_of(keys)}:"


def _among(asked: Asked, name: str) -> Asked:
    return replace(asked, table=replace(asked.table, name=name))


def _facts(scene: Scene, each: Effective, rule: GroupRule, found: Sequence[Group]) -> list[Fact]:
    firsts = scene.rows((group.row_ids[0] for group in found), [*scene.columns_for(rule), *rule.by])
    return [_fact(scene, each, rule, group, firsts.get(group.row_ids[0], {})) for group in found]


def _fact(scene: Scene, each: Effective, rule: GroupRule, group: Group, row: dict[str, object]) -> Fact:
    alike = {code: scene.words.shown(code, value) for code, value in zip(rule.by, group.keys, strict=True)}
    told = {name: str(value) for name, value in each.values.items() if value is not None}
    told |= {"count": str(group.value), **alike}
    shown = {**alike, "count": str(group.value)}
    if group.first is not None and group.last is not None:
        told |= {"first": chinese_day(group.first), "last": chinese_day(group.last)}
        shown |= {"first": group.first.isoformat(), "last": group.last.isoformat()}
    return Fact(
        f"{subject_of(group.keys)}{group.first or ''}", rule.severity.value, " · ".join(alike.values()),
        scene.words.sentence(rule, row, told), shown, group.row_ids[:MOST_ROWS], len(group.row_ids),
        place=scene.place(rule, row),
    )  # fmt: skip


def key_of(values: Iterable[object]) -> str:
    """Return a short text that stands for some values, the same at every run."""
    text = "\x1f".join(str(value) for value in values)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
