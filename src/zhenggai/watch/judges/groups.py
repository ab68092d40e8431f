"""Rules over groups: too many rows alike within a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from zhenggai.oversight.wording import chinese_day
from zhenggai.packs.declarations import GroupRule
from zhenggai.rulesql.plans import Group
from zhenggai.watch.compiling import group_rule
from zhenggai.watch.facts import MOST_ROWS, Fact
from zhenggai.watch.scene import Scene
from zhenggai.watch.settings import Effective


def say(scene: Scene, each: Effective, rule: GroupRule) -> tuple[list[Fact], int]:
    """Return what a rule over groups says, and how many rows belong to no group for want of a value."""
    asked = group_rule(rule, scene.context(each), each.values)
    found = scene.engine.groups(asked, scene.run())
    firsts = scene.rows((group.row_ids[0] for group in found.groups), [*scene.columns_for(rule), *rule.by])
    return [_fact(scene, each, rule, group, firsts.get(group.row_ids[0], {})) for group in found.groups], found.unknown


def _fact(scene: Scene, each: Effective, rule: GroupRule, group: Group, row: dict[str, object]) -> Fact:
    alike = {code: scene.words.shown(code, value) for code, value in zip(rule.by, group.keys, strict=True)}
    told = {name: str(value) for name, value in each.values.items() if value is not None}
    told |= {"count": str(group.value), **alike}
    shown = {**alike, "count": str(group.value)}
    if group.first is not None and group.last is not None:
        told |= {"first": chinese_day(group.first), "last": chinese_day(group.last)}
        shown |= {"first": group.first.isoformat(), "last": group.last.isoformat()}
    return Fact(
        f"group:{key_of(group.keys)}:{group.first or ''}", rule.severity.value, " · ".join(alike.values()),
        scene.words.sentence(rule, row, told), shown, group.row_ids[:MOST_ROWS], len(group.row_ids),
        place=scene.place(rule, row),
    )  # fmt: skip


def key_of(values: Iterable[object]) -> str:
    """Return a short text that stands for some values, the same at every run."""
    text = "\x1f".join(str(value) for value in values)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
