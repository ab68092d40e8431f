"""Rules over two ledgers: rows that go together, or rows that lack their partner."""

from __future__ import annotations

from zhenggai.packs.declarations import ComparisonRule
from zhenggai.packs.expressions import table_of
from zhenggai.watch.compiling import comparison_rule
from zhenggai.watch.facts import Fact
from zhenggai.watch.scene import Scene
from zhenggai.watch.settings import Effective


def say(scene: Scene, each: Effective, rule: ComparisonRule) -> tuple[list[Fact], int]:
    """Return what holding two ledgers against each other says: one fact for each row of this ledger.

    A row with several partners is one fact that names how many; so it stays one alert when partners come and go.
    """
    other = scene.other(rule.with_ledger)
    asked = comparison_rule(rule, scene.context(each), table_of(other, scene.declared))
    found = scene.engine.compare(asked, scene.run())
    partners: dict[str, list[str]] = {}
    for left, right in found.pairs:
        partners.setdefault(left, []).append(right)
    for left in found.missing:
        partners[left] = []
    columns = scene.columns_for(rule, [asked.left_where] if asked.left_where is not None else [])
    columns += [name for name in scene.words.fields if f".{name}" in rule.on]
    rows = scene.rows(partners, columns)
    facts = []
    for left, rights in partners.items():
        row = rows.get(left)
        if row is None:
            continue
        told = {name: str(value) for name, value in each.values.items() if value is not None}
        told["count"] = str(len(rights))
        shown = {**scene.shown(row, columns), **({"count": str(len(rights))} if rights else {})}
        facts.append(
            Fact(
                f"row:{left}", rule.severity.value, scene.words.title(row), scene.words.sentence(rule, row, told),
                shown, (left,), place=scene.place(rule, row),
            )
        )  # fmt: skip
    return facts, 0
