"""What the acts on findings share: lock and check, compare and write, tell the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.audit.models import Entry
from zhenggai.findings.access import check_reach, plainly_within, visible_findings
from zhenggai.findings.errors import ChangedMeanwhile, Governed, IsWithdrawn, NothingChosen, SomeOutOfReach
from zhenggai.findings.fields import (
    FINDING_FIELDS,
    GOVERNED,
    GOVERNED_OF_MEASURE,
    MEASURE_FIELDS,
    Field,
    in_trail,
    same_value,
    stored_value,
    write_value,
)
from zhenggai.findings.history import FINDING, tell
from zhenggai.findings.models import Finding, Measure, Stage
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor, reach
from zhenggai.people.models import Unit

Changes = dict[str, list[str]]
"""Field name → words before and after, as the trail keeps them."""


def locked(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """Return *found* with its rows locked and everything a comparison needs at hand."""
    close = found.select_related("round__unit", "unit").select_for_update(of=("self",))
    return close.prefetch_related("aspect", "leader", "department", "owner")


def lock_finding(key: int, *, actor: Actor, permissions: Iterable[str], version: int | None = None) -> Finding:
    """Lock one finding that all *permissions* reach.

    Args:
        key: the finding.
        actor: who acts.
        permissions: what the act needs.
        version: the version the person saw; None when the act does not depend on it.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
        IsWithdrawn: it was taken off the ledger.
        ChangedMeanwhile: it was changed after the person saw it.
    """
    finding = locked(Finding.objects.all()).filter(pk=key).first()
    if finding is None:
        raise NotFound
    for permission in sorted(set(permissions)):
        if not plainly_within(finding, reach(actor, permission)):
            check_reach(actor, key, permission)
    if finding.withdrawn_at is not None:
        raise IsWithdrawn(title=finding.title)
    if version is not None and finding.version != version:
        raise ChangedMeanwhile(no=finding.no, title=finding.title, changes=changes_since(finding, version))
    return finding


def lock_findings(
    keys: Iterable[int], *, actor: Actor, permissions: Iterable[str], withdrawn: bool = False
) -> list[Finding]:
    """Lock many findings, in the order of their keys so that two acts cannot wait for each other.

    Raises:
        NothingChosen: *keys* is empty.
        SomeOutOfReach: some are absent or may not be changed.
    """
    asked = sorted(set(keys))
    if not asked:
        raise NothingChosen
    found = Finding.objects.filter(pk__in=asked)
    for permission in sorted(set(permissions)):
        allowed = visible_findings(actor, permission, withdrawn=withdrawn).order_by().values("pk")
        found = found.filter(pk__in=allowed)
    rows = list(locked(found).order_by("pk"))
    if len(rows) != len(asked):
        raise SomeOutOfReach(asked=len(asked), missing=len(asked) - len(rows))
    return rows


def changes_since(finding: Finding, version: int) -> str:
    """Return in words who changed what after *version*."""
    entries = Entry.objects.filter(object_type=FINDING, object_id=str(finding.pk)).order_by("-sequence")[:50]
    newer = [entry for entry in entries if _version_in(entry) > version]
    told = [f"{timezone.localtime(entry.at):%m-%d %H:%M} {tell(entry).sentence}" for entry in reversed(newer)]
    return ";".join(told) or _now("他人已保存新的内容")


def _version_in(entry: Entry) -> int:
    given = entry.data.get("version", 0)
    return given if isinstance(given, int) else 0


def compare(record_: Finding | Measure, reads: Mapping[Field, Any], assist: Sequence[Unit] | None = None) -> Changes:
    """Return what writing *reads* to the record would change, in the words of the trail."""
    changes: Changes = {}
    for item, new in reads.items():
        old = stored_value(item, record_, list(assist) if assist is not None else None)
        if not same_value(item, old, new):
            changes[item.name] = [in_trail(item, old), in_trail(item, new)]
    return changes


def is_governed(finding: Finding) -> bool:
    """Tell whether an approved plan governs the finding, so that status and deadline move only with the loop."""
    return finding.stage != Stage.REGISTERED


def governed_label(finding: Finding, changes: Iterable[str], *, of_measure: bool = False) -> str:
    """Return the label of the first of *changes* that only the loop may make; empty when all are free."""
    if not is_governed(finding):
        return ""
    names, table = (GOVERNED_OF_MEASURE, MEASURE_FIELDS) if of_measure else (GOVERNED, FINDING_FIELDS)
    return next((str(table[name].label) for name in changes if name in names), "")


def check_governed(finding: Finding, changes: Iterable[str], *, of_measure: bool = False) -> None:
    """Hold that none of *changes* belongs to the loop.

    Raises:
        Governed: one of them does.
    """
    label = governed_label(finding, changes, of_measure=of_measure)
    if label:
        raise Governed(label=label, title=finding.title)


def put(record_: Finding | Measure, reads: Mapping[Field, Any], changes: Changes) -> list[str]:
    """Write the changed ones of *reads* on the record, unsaved but for assisting departments of a saved one.

    Return the model fields to save.
    """
    attributes: list[str] = []
    for item, new in reads.items():
        if item.name not in changes:
            continue
        attributes += write_value(item, record_, new)
        if item.kind == "units" and record_.pk:
            record_.assist_departments.set(new)
    return attributes


def save_changed(finding: Finding, attributes: Iterable[str] = ()) -> None:
    """Save the finding as its next version."""
    finding.version += 1
    finding.save(update_fields=[*attributes, "version", "changed_at"])


def tell_trail(actor: Actor, code: str, finding: Finding, *, changes: Changes | None = None, **data: Any) -> None:
    """Append an entry about *finding*; it names the version the act led to."""
    if changes:
        data["changes"] = changes
    record(
        actor=actor,
        code=code,
        object_type=FINDING,
        object_id=finding.pk,
        object_label=finding.title,
        data={"version": finding.version, **data},
    )
