"""Acts on the entries of any register: make, change, withdraw. What is special about one is said in its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.docparse.errors import clean_name
from zhenggai.files.actions import store_file
from zhenggai.findings.errors import BadValue
from zhenggai.findings.fields import clean_text
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor, require
from zhenggai.people.models import Unit, User
from zhenggai.registers.errors import EntryChanged, EntryWithdrawn, ReasonMissing
from zhenggai.registers.fields import Slot, in_trail, read_values, stored
from zhenggai.registers.kinds import Kind, R
from zhenggai.registers.models import RegisterEntry
from zhenggai.registers.queries import access_entry

BODIES = (Unit.Kind.ORGANISATION, Unit.Kind.GRASSROOTS)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that comes with an entry."""

    source: BinaryIO
    """Readable binary stream."""
    name: str
    """Name it came with."""


def create_entry(
    kind: Kind[R], unit: Unit, values: Mapping[str, object], *, actor: Actor, upload: Upload | None = None
) -> R:
    """Make an entry in the register *kind* of *unit*.

    Raises:
        NotAllowed: the actor does not keep that register there.
        UnknownField, BadValue: a value cannot be taken, or a required one is missing.
        BadFile: the file cannot be taken.
    """
    require(actor, kind.manage, unit)
    if unit.kind not in BODIES:
        raise BadValue(label=_now("单位"), value=unit.name, reason=_now("应为单位或基层单位"))
    with transaction.atomic():
        entry = kind.model(unit=unit, created_by=actor if isinstance(actor, User) else None)
        needed = {slot.name: "" for slot in kind.slots if slot.required and not has_default(kind, slot)}
        reads = read_values(kind.table, needed | dict(values), actor=actor, unit=unit)
        attach(entry, upload, actor=actor)
        changes, restricted = _compare(entry, reads)
        _put(entry, reads)
        kind.settle(entry)
        entry.save()
        _put_many(entry, reads)
        _tell(kind, kind.codes.created, entry, actor, changes, restricted)
        kind.after(entry, changes, actor)
    return entry


def change_entry(
    kind: Kind[R],
    entry: R,
    values: Mapping[str, object],
    *,
    actor: Actor,
    version: int,
    upload: Upload | None = None,
) -> R:
    """Change fields of an entry; nothing is written when all of them already hold.

    Args:
        kind: its register.
        entry: which one.
        values: field name → value.
        actor: who acts.
        version: the version the person saw.
        upload: a file in place of the one it has.

    Raises:
        NotFound, NotAllowed: the entry is out of reach.
        EntryWithdrawn, EntryChanged: its state does not permit it.
        UnknownField, BadValue, BadFile: a value or the file cannot be taken.
    """
    access_entry(kind, actor, entry.pk, manage=True)  # before a single byte is read
    with transaction.atomic():
        found = lock_entry(kind, entry.pk, actor=actor, version=version)
        reads = read_values(kind.table, values, actor=actor, unit=found.unit)
        changes, restricted = _compare(found, reads)
        if upload is not None:
            before = found.file_name
            attach(found, upload, actor=actor)
            changes["file"] = [before, found.file_name]
        if changes or restricted:
            _put(found, reads)
            kind.settle(found)
            found.version += 1
            found.save()
            _put_many(found, reads)
            _tell(kind, kind.codes.changed, found, actor, changes, restricted)
            kind.after(found, changes, actor)
    return found


def withdraw_entry(kind: Kind[R], entry: R, *, actor: Actor, reason: str) -> R:
    """Take an entry off its register, for a reason; it stays in the database and in the trail.

    Raises:
        ReasonMissing: no reason was given.
        NotFound, NotAllowed, EntryWithdrawn: it is out of reach or was withdrawn already.
    """
    reason = clean_text(reason)[:300]
    if not reason:
        raise ReasonMissing
    with transaction.atomic():
        access_entry(kind, actor, entry.pk, manage=True)
        found = lock_entry(kind, entry.pk, actor=actor)
        found.withdrawn_at, found.withdrawn_why = timezone.now(), reason
        found.version += 1
        found.save(update_fields=["withdrawn_at", "withdrawn_why", "version", "changed_at"])
        record(
            actor=actor,
            code=kind.codes.withdrawn,
            object_type=kind.code,
            object_id=found.pk,
            object_label=str(found),
            data={"reason": reason},
        )
    return found


def attach(entry: RegisterEntry, upload: Upload | None, *, actor: Actor) -> None:
    """Put the file that came with an act on a locked entry, unsaved, in place of the one it has."""
    if upload is not None:
        stored_file = store_file(actor=actor, source=upload.source, name=upload.name)
        entry.file, entry.file_name = stored_file, clean_name(upload.name) or stored_file.name


def lock_entry(kind: Kind[R], key: int, *, actor: Actor, version: int | None = None) -> R:
    """Lock one entry that the caller has access to.

    Raises:
        NotFound: there is none.
        EntryWithdrawn: it was taken off.
        EntryChanged: it was changed after the person saw it.
    """
    found = kind.model._default_manager.select_for_update(of=("self",)).select_related("unit").filter(pk=key).first()
    if found is None:
        raise NotFound
    if found.withdrawn_at is not None:
        raise EntryWithdrawn(title=str(found))
    if version is not None and found.version != version:
        raise EntryChanged(title=str(found))
    return found


def has_default(kind: Kind[R], slot: Slot) -> bool:
    """Tell whether a new entry has a value for the field by itself."""
    column = kind.model._meta.get_field(slot.name)
    return isinstance(column, models.Field) and column.has_default()


def _compare(entry: R, reads: Mapping[Slot, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what writing would change in the words of the trail, and the names of what the trail may not hold."""
    changes: dict[str, Any] = {}
    restricted: list[str] = []
    for slot, new in reads.items():
        old = stored(slot, entry)
        if old == new:
            continue
        if slot.restricted:
            restricted.append(slot.name)
        else:
            changes[slot.name] = [in_trail(slot, old), in_trail(slot, new)]
    return changes, restricted


def _put(entry: R, reads: Mapping[Slot, Any]) -> None:
    for slot, value in reads.items():
        if slot.kind != "records":
            setattr(entry, slot.name, value)


def _put_many(entry: R, reads: Mapping[Slot, Any]) -> None:
    for slot, value in reads.items():
        if slot.kind == "records":
            getattr(entry, slot.name).set(value)


def _tell(kind: Kind[R], code: str, entry: R, actor: Actor, changes: Mapping[str, Any], restricted: list[str]) -> None:
    data: dict[str, Any] = {"version": entry.version, "unit": entry.unit.name}
    if changes:
        data["changes"] = dict(changes)
    if restricted:
        data["restricted"] = sorted(restricted)
    record(
        actor=actor,
        code=code,
        object_type=kind.code,
        object_id=entry.pk,
        object_label=str(entry),
        data=data,
    )
