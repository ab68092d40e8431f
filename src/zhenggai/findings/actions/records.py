"""Acts on single findings and their measures: add, change, take off the ledger and put back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings import codes
from zhenggai.findings.access import access_round
from zhenggai.findings.changes import (
    check_governed,
    compare,
    is_governed,
    lock_finding,
    lock_findings,
    put,
    save_changed,
    tell_trail,
)
from zhenggai.findings.errors import BadValue, Governed, IsWithdrawn, NotWithdrawn, ReasonMissing
from zhenggai.findings.fields import (
    FINDING_FIELDS,
    MEASURE_FIELDS,
    Field,
    Reading,
    clean_text,
    known_fields,
    root_of,
)
from zhenggai.findings.models import Finding, InspectionRound, Measure
from zhenggai.findings.search import index_findings
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people.access import Actor, reach, require

EDIT = "findings.edit"


def create_finding(round_: InspectionRound, values: Mapping[str, object], *, actor: Actor) -> Finding:
    """Add a finding to a round, at its end.

    Raises:
        NotFound, NotAllowed: the round is out of reach.
        UnknownField, BadValue: a value cannot be taken; the title is required.
    """
    fields = known_fields(FINDING_FIELDS, values)
    with transaction.atomic():
        shown = access_round(actor, round_.pk, EDIT)
        InspectionRound.objects.select_for_update(no_key=True).get(pk=shown.pk)
        reads = read_values(fields, values, shown, root_of(shown.unit))
        if not any(item.name == "title" for item in reads):
            raise BadValue(label=FINDING_FIELDS["title"].label, value="", reason=_now("不能为空"))
        finding = Finding(round=shown, unit=shown.unit, order=next_order(shown))
        unit = reads.get(FINDING_FIELDS["unit"], shown.unit)
        for permission in {EDIT, *(item.permission for item in fields)}:
            require(actor, permission, unit)
        assist = reads.pop(FINDING_FIELDS["assist"], [])
        changes = compare(finding, reads)
        put(finding, reads, changes)
        finding.save()
        finding.assist_departments.set(assist)
        tell_trail(actor, codes.CREATED, finding, changes=changes)
        index_findings([finding.pk])
    return finding


def next_order(round_: InspectionRound) -> int:
    """Return the place behind the last finding of a round, whose row the caller has locked."""
    last: int | None = Finding.objects.filter(round=round_).aggregate(last=Max("order"))["last"]
    return (last or 0) + 1


def read_values(
    fields: Iterable[Field], values: Mapping[str, object], round_: InspectionRound | None, root: str
) -> dict[Field, Any]:
    """Return what is stored for each of *values*.

    Raises:
        BadValue: a field cannot take its value.
    """
    reading = Reading(round_, root)
    return {item: reading.read(item, values[item.name]) for item in fields}


def update_finding(finding: Finding, values: Mapping[str, object], *, actor: Actor, version: int) -> Finding:
    """Change fields of a finding; nothing is written when all of them already hold.

    Args:
        finding: which one.
        values: field name → value, see :data:`~zhenggai.findings.fields.FINDING_FIELDS`.
        actor: who acts.
        version: the version the person saw.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        IsWithdrawn, ChangedMeanwhile: its state does not permit it.
        UnknownField, BadValue: a value cannot be taken.
    """
    fields = known_fields(FINDING_FIELDS, values)
    with transaction.atomic():
        permissions = {item.permission for item in fields} or {EDIT}
        found = lock_finding(finding.pk, actor=actor, permissions=permissions, version=version)
        reads = read_values(fields, values, found.round, root_of(found.unit))
        check_unit(actor, reads)
        changes = compare(found, reads)
        check_governed(found, changes)
        if changes:
            save_changed(found, put(found, reads, changes))
            only_assigned = all(FINDING_FIELDS[name].permission != EDIT for name in changes)
            tell_trail(actor, codes.ASSIGNED if only_assigned else codes.UPDATED, found, changes=changes)
            index_findings([found.pk])
    return found


def check_unit(actor: Actor, reads: Mapping[Field, Any]) -> None:
    """Hold that a finding is given only to a unit whose findings the actor may edit."""
    unit = reads.get(FINDING_FIELDS["unit"])
    if unit is not None and not reach(actor, EDIT).covers(unit):
        raise NotAllowed(permission=EDIT)


def withdraw_findings(keys: Iterable[int], *, actor: Actor, reason: str) -> int:
    """Take findings off the ledger, for a reason; return how many.

    Raises:
        ReasonMissing: no reason was given.
        NothingChosen, SomeOutOfReach: not all of them can be taken off; then none is.
        Governed: one is part of an approved plan.
    """
    reason = clean_text(reason)
    if not reason:
        raise ReasonMissing
    with transaction.atomic():
        found = lock_findings(keys, actor=actor, permissions=[EDIT])
        for finding in found:
            if is_governed(finding):
                raise Governed(label=_now("撤下"), title=finding.title)
            finding.withdrawn_at = timezone.now()
            save_changed(finding, ["withdrawn_at"])
            tell_trail(actor, codes.WITHDRAWN, finding, reason=reason[:300])
    return len(found)


def restore_findings(keys: Iterable[int], *, actor: Actor) -> int:
    """Put withdrawn findings back on the ledger; return how many.

    Raises:
        NothingChosen, SomeOutOfReach: not all of them can be put back; then none is.
    """
    with transaction.atomic():
        found = lock_findings(keys, actor=actor, permissions=[EDIT], withdrawn=True)
        for finding in found:
            finding.withdrawn_at = None
            save_changed(finding, ["withdrawn_at"])
            tell_trail(actor, codes.RESTORED, finding)
    return len(found)


def add_measure(finding: Finding, values: Mapping[str, object], *, actor: Actor, version: int) -> Measure:
    """Add a measure at the end of a finding's list.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, ChangedMeanwhile: as :func:`update_finding`.
        UnknownField, BadValue: a value cannot be taken; the text is required.
    """
    fields = known_fields(MEASURE_FIELDS, values)
    with transaction.atomic():
        found = lock_finding(finding.pk, actor=actor, permissions=[EDIT], version=version)
        reads = read_values(fields, values, found.round, root_of(found.unit))
        if not any(item.name == "text" for item in reads):
            raise BadValue(label=MEASURE_FIELDS["text"].label, value="", reason=_now("不能为空"))
        last = found.measures.aggregate(last=Max("order"))["last"] or 0
        measure = Measure(finding=found, order=last + 1)
        changes = compare(measure, reads)
        put(measure, reads, changes)
        measure.save()
        put(measure, reads, changes)  # assisting departments need the key
        _measure_changed(actor, codes.MEASURE_ADDED, measure, found, changes)
    return measure


def update_measure(measure: Measure, values: Mapping[str, object], *, actor: Actor, version: int) -> Measure:
    """Change fields of a measure, see :data:`~zhenggai.findings.fields.MEASURE_FIELDS`.

    Args:
        measure: which one.
        values: field name → value.
        actor: who acts.
        version: the version of its finding that the person saw.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, ChangedMeanwhile: as :func:`update_finding`.
        UnknownField, BadValue: a value cannot be taken.
    """
    fields = known_fields(MEASURE_FIELDS, values)
    with transaction.atomic():
        found = lock_finding(measure.finding_id, actor=actor, permissions=[EDIT], version=version)
        mine = _lock_measure(measure, found)
        if mine.withdrawn_at is not None:
            raise IsWithdrawn(title=str(mine))
        reads = read_values(fields, values, found.round, root_of(found.unit))
        changes = compare(mine, reads)
        check_governed(found, changes, of_measure=True)
        if changes:
            mine.save(update_fields=put(mine, reads, changes))
            _measure_changed(actor, codes.MEASURE_UPDATED, mine, found, changes)
    return mine


def withdraw_measure(measure: Measure, *, actor: Actor, version: int) -> Measure:
    """Take a measure off its finding; it can be put back.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, ChangedMeanwhile: as :func:`update_finding`.
    """
    return _set_withdrawn(measure, True, actor, version)


def restore_measure(measure: Measure, *, actor: Actor, version: int) -> Measure:
    """Put a withdrawn measure back.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, ChangedMeanwhile: as :func:`update_finding`.
        NotWithdrawn: it was not withdrawn.
    """
    return _set_withdrawn(measure, False, actor, version)


def _set_withdrawn(measure: Measure, withdrawn: bool, actor: Actor, version: int) -> Measure:
    with transaction.atomic():
        found = lock_finding(measure.finding_id, actor=actor, permissions=[EDIT], version=version)
        mine = _lock_measure(measure, found)
        if (mine.withdrawn_at is not None) == withdrawn:
            raise IsWithdrawn(title=str(mine)) if withdrawn else NotWithdrawn(title=str(mine))
        mine.withdrawn_at = timezone.now() if withdrawn else None
        mine.save(update_fields=["withdrawn_at"])
        code = codes.MEASURE_WITHDRAWN if withdrawn else codes.MEASURE_RESTORED
        _measure_changed(actor, code, mine, found, {})
    return mine


def _lock_measure(measure: Measure, finding: Finding) -> Measure:
    related = ("leader", "department", "owner")
    found = finding.measures.select_for_update(of=("self",)).select_related(*related).filter(pk=measure.pk).first()
    if found is None:
        raise NotFound
    return found


def _measure_changed(
    actor: Actor, code: str, measure: Measure, finding: Finding, changes: dict[str, list[str]]
) -> None:
    save_changed(finding)
    tell_trail(actor, code, finding, changes=changes, measure=str(measure), measure_id=measure.pk)
    index_findings([finding.pk])
