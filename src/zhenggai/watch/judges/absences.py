"""Rules over what is missing: somebody or some unit that has nothing in a period."""

from __future__ import annotations

from datetime import date, timedelta

from zhenggai.packs.declarations import AbsenceRule, FieldType, Ledger
from zhenggai.packs.expressions import table_of
from zhenggai.people.models import Unit
from zhenggai.rulesql.dialects import DUCKDB
from zhenggai.rulesql.plans import Absence, Expected, Grain
from zhenggai.rulesql.plans import AbsenceRule as Asked
from zhenggai.watch.compiling import number_of
from zhenggai.watch.facts import Fact, Place
from zhenggai.watch.judges.groups import key_of
from zhenggai.watch.scene import Scene
from zhenggai.watch.settings import Effective

LOOKS_BACK = timedelta(days=366)
"""How far back periods are judged; what is older is history, not a warning."""


def say(scene: Scene, each: Effective, rule: AbsenceRule) -> tuple[list[Fact], int]:
    """Return who lacks something; nothing before the ledger has its first row, since it was not kept then."""
    first = _first_day(scene, rule)
    if first is None:
        return [], 0
    asked = Asked.read(
        rule.rule, scene.table, keys=[rule.field], on=rule.date, grain=Grain(rule.per),
        since=max(first, scene.day - LOOKS_BACK), expected=_expected(scene, each, rule), where=rule.where,
        grace_days=int(number_of(rule.grace_days, each.values, rule.label)), reading=scene.reading(each),
    )  # fmt: skip
    found = scene.engine.absences(asked, scene.run())
    names = _names(scene, rule)
    return [_fact(scene, rule, missing, names) for missing in found], 0


def _first_day(scene: Scene, rule: AbsenceRule) -> date | None:
    column = DUCKDB.identifier(rule.date)
    day = scene.engine.query(f"SELECT CAST(min({column}) AS DATE) FROM {scene.engine.take(scene.ledger)}")[0][0]
    return day if isinstance(day, date) else None


def _expected(scene: Scene, each: Effective, rule: AbsenceRule) -> Expected | list[list[str]]:
    if rule.who == "unit":
        return [[str(unit.pk)] for unit in scene.bodies if unit.closed_on is None]
    if rule.who == "department":
        open_ = (unit for unit in scene.units.values() if unit.kind == Unit.Kind.DEPARTMENT and unit.closed_on is None)
        return [[name] for name in sorted({unit.name for unit in open_})]
    known = scene.declared.enumerations.get(rule.among or "")
    if known is not None:
        held = max((version for version in known.versions if version.since <= scene.day), default=known.versions[0],
                   key=lambda version: version.since)  # fmt: skip
        return [[value.code] for value in held.values]
    other = scene.other(rule.among or "")
    table = table_of(other, scene.declared)
    return Expected.read(table, [_key(other)], where=rule.among_where, reading=scene.reading(each))


def _key(ledger: Ledger) -> str:
    return ledger.key[0] if ledger.key else ledger.fields[0].code


def _names(scene: Scene, rule: AbsenceRule) -> dict[str, str]:
    """Return what those expected are called, by what rows name them."""
    return {str(unit.pk): unit.name for unit in scene.bodies} if rule.who == "unit" else {}


def _fact(scene: Scene, rule: AbsenceRule, missing: Absence, names: dict[str, str]) -> Fact:
    key = str(missing.keys[0])
    who = names.get(key) or scene.words.shown(rule.field, key)
    period = missing.period.label
    row: dict[str, object] = {rule.field: key}
    unit: int | None = None
    field = scene.words.fields.get(rule.field)
    if rule.who == "unit" and key.isdigit():
        unit = int(key)
    elif rule.who == "department":
        unit = scene.department(key, None)
    person = scene.people().get(key) if field is not None and field.type == FieldType.PERSON else None
    told = {"who": who, "period": period}
    home = scene.units.get(unit or 0)
    body = (
        unit if home is not None and home.kind != Unit.Kind.DEPARTMENT else home.parent_id if home is not None else None
    )
    return Fact(
        f"absent:{key_of([key])}:{missing.period.start.isoformat()}:{missing.period.grain.value}", rule.severity.value,
        f"{who} {period}", scene.words.sentence(rule, row, told) if rule.message else f"{who}{period}：{rule.label}",
        told, (), 0, Place(body if body in scene.units else None, unit, person),
    )  # fmt: skip
