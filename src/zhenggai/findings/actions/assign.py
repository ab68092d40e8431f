"""Give many findings to people and departments at once.

A fixed number of queries however many there are, one entry in the trail for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from zhenggai.findings import codes
from zhenggai.findings.actions.records import read_values
from zhenggai.findings.changes import Changes, check_governed, compare, lock_findings, put, save_changed, tell_trail
from zhenggai.findings.errors import NothingChosen, SomeOutOfReach, UnknownField
from zhenggai.findings.fields import (
    ASSIGNABLE,
    ASSIGNABLE_OF_MEASURE,
    FINDING_FIELDS,
    MEASURE_FIELDS,
    Field,
    in_trail,
    known_fields,
    root_of,
    write_value,
)
from zhenggai.findings.models import Finding, Measure
from zhenggai.findings.search import index_findings
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit

EDIT = "findings.edit"
_Group = tuple[dict[Field, Any], list[Finding]]


def assign_findings(keys: Iterable[int], values: Mapping[str, object], *, actor: Actor) -> int:
    """Set who answers for findings, until when, and their status; return how many changed.

    Args:
        keys: the findings.
        values: any of ``leader department assist owner due status``; a name left out keeps what is there, None clears.
        actor: who acts.

    Raises:
        NothingChosen: no findings, or nothing to set.
        UnknownField, BadValue: a value cannot be taken.
        SomeOutOfReach: some may not be changed; then none is.
    """
    fields = known_fields(FINDING_FIELDS, values)
    for item in fields:
        if item.name not in ASSIGNABLE:
            raise UnknownField(field=item.name)
    if not fields:
        raise NothingChosen
    with transaction.atomic():
        found = lock_findings(keys, actor=actor, permissions={item.permission for item in fields})
        assisting = _assisting([finding.pk for finding in found]) if "assist" in values else {}
        changed: dict[Finding, Changes] = {}
        for reads, members in _groups(found, fields, values):
            changes = {f: compare(f, reads, assisting.get(f.pk, [])) for f in members}
            changes = {finding: change for finding, change in changes.items() if change}
            for finding, change in changes.items():
                check_governed(finding, change)
            _write(list(changes), reads, assisting)
            changed |= changes
        for finding, change in changed.items():
            finding.version += 1
            tell_trail(actor, codes.ASSIGNED, finding, changes=change)
        index_findings(finding.pk for finding in changed)
    return len(changed)


def _groups(found: Sequence[Finding], fields: Sequence[Field], values: Mapping[str, object]) -> Iterable[_Group]:
    """Read the values once for each round, since relative deadlines count from its feedback."""
    rounds: dict[tuple[int, str], list[Finding]] = {}
    for finding in found:
        rounds.setdefault((finding.round_id, root_of(finding.unit)), []).append(finding)
    for (_round, root), members in rounds.items():
        yield read_values(fields, values, members[0].round, root), members


def _assisting(keys: Sequence[int]) -> dict[int, list[Unit]]:
    found: dict[int, list[Unit]] = {}
    through = Finding.assist_departments.through.objects.filter(finding_id__in=keys).select_related("unit")
    for row in through:
        found.setdefault(row.finding_id, []).append(row.unit)
    return found


def _write(findings: Sequence[Finding], reads: Mapping[Field, Any], assisting: Mapping[int, Sequence[Unit]]) -> None:
    if not findings:
        return
    keys = [finding.pk for finding in findings]
    columns: dict[str, Any] = {}
    for item, value in reads.items():
        if item.kind == "units":
            _write_assisting(keys, value, assisting)
            continue
        sample = Finding()
        columns |= {attribute: getattr(sample, attribute) for attribute in write_value(item, sample, value)}
    Finding.objects.filter(pk__in=keys).update(**columns, version=F("version") + 1, changed_at=timezone.now())


def _write_assisting(keys: Sequence[int], units: Sequence[Unit], assisting: Mapping[int, Sequence[Unit]]) -> None:
    through = Finding.assist_departments.through
    wanted = {unit.pk for unit in units}
    through.objects.filter(finding_id__in=keys).exclude(unit_id__in=wanted).delete()
    through.objects.bulk_create(
        through(finding_id=key, unit_id=unit)
        for key in keys
        for unit in sorted(wanted - {held.pk for held in assisting.get(key, ())})
    )


def assign_measures(keys: Iterable[int], values: Mapping[str, object], *, actor: Actor) -> int:
    """Set the same for many measures: who answers, until when, by what one sees that they are done; return how many changed.

    Args:
        keys: the measures.
        values: any of ``nature criterion leader department owner due``; a name left out keeps what is there, None clears.
        actor: who acts.

    Raises:
        NothingChosen: no measures, or nothing to set.
        UnknownField, BadValue: a value cannot be taken.
        SomeOutOfReach: some may not be changed; then none is.
    """
    fields = known_fields(MEASURE_FIELDS, values)
    for item in fields:
        if item.name not in ASSIGNABLE_OF_MEASURE:
            raise UnknownField(field=item.name)
    asked = sorted(set(keys))
    if not fields or not asked:
        raise NothingChosen
    with transaction.atomic():
        owners = dict(Measure.objects.filter(pk__in=asked, withdrawn_at=None).values_list("pk", "finding_id"))
        if len(owners) != len(asked):
            raise SomeOutOfReach(asked=len(asked), missing=len(asked) - len(owners))
        findings = {finding.pk: finding for finding in lock_findings(owners.values(), actor=actor, permissions=[EDIT])}
        rows = Measure.objects.select_for_update(of=("self",)).filter(pk__in=asked).order_by("pk")
        told: dict[int, list[str]] = {}
        reading: dict[int, dict[Field, Any]] = {}
        for measure in rows.select_related("leader", "department", "owner"):
            finding = findings[measure.finding_id]
            if finding.round_id not in reading:
                reading[finding.round_id] = read_values(fields, values, finding.round, root_of(finding.unit))
            reads = reading[finding.round_id]
            changes = compare(measure, reads)
            if changes:
                measure.save(update_fields=put(measure, reads, changes))
                told.setdefault(finding.pk, []).append(str(measure))
        for key, texts in told.items():
            save_changed(findings[key])
            set_to = {item.name: in_trail(item, value) for item, value in reading[findings[key].round_id].items()}
            tell_trail(actor, codes.MEASURES_ASSIGNED, findings[key], measures=texts, set=set_to)
        index_findings(told)
    return sum(len(texts) for texts in told.values())
