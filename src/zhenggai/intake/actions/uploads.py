"""Acts on a document as a whole: upload it, read it again, say which round it belongs to, give it up."""

from __future__ import annotations

from functools import partial
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.docparse.errors import clean_name
from zhenggai.files.actions import store_file
from zhenggai.findings.access import access_round
from zhenggai.findings.fields import root_of
from zhenggai.findings.models import InspectionRound
from zhenggai.intake import codes
from zhenggai.intake.actions.core import lock_import, tell_trail
from zhenggai.intake.errors import NotReady, RoundOfOther
from zhenggai.intake.models import Import
from zhenggai.intake.queries import is_stale
from zhenggai.intake.tasks import read_upload
from zhenggai.people.access import Actor, require
from zhenggai.people.models import Unit, User

PERMISSION = "intake.import"
_State = Import.State
OPEN = (_State.WAITING, _State.READING, _State.READ, _State.FAILED)


def upload_document(
    *, actor: User, unit: Unit, source: BinaryIO, name: str, round_: InspectionRound | None = None
) -> Import:
    """Keep an uploaded document and have it read by a worker once this is committed.

    Args:
        actor: who uploads it.
        unit: the inspected unit, on whose behalf.
        source: readable binary stream.
        name: file name as it came.
        round_: the round it belongs to, when the person knows.

    Raises:
        NotAllowed: the actor may not import for the unit.
        NotFound, RoundOfOther: the round is out of reach or another unit's.
        BadFile: the file cannot be taken; see :func:`~zhenggai.files.actions.store_file`.
    """
    require(actor, PERMISSION, unit)
    name = clean_name(name) or _now("未命名")
    if round_ is not None:
        _check_round(round_, unit, name, actor)
    stored = store_file(actor=actor, source=source, name=name)
    with transaction.atomic():
        document = Import.objects.create(
            file=stored, name=name, unit=unit, round=round_, uploaded_by=actor, step_at=timezone.now()
        )
        tell_trail(actor, codes.UPLOADED, document, unit=unit.name)
        transaction.on_commit(partial(_enqueue, document.pk, document.attempt))
    return document


def _enqueue(document_id: int, attempt: int) -> None:
    read_upload.enqueue(document_id, attempt)


def _check_round(round_: InspectionRound, unit: Unit, name: str, actor: Actor) -> None:
    shown = access_round(actor, round_.pk, "findings.edit")
    # Reaching one finding of a round lets nobody lay a document over the others.
    require(actor, "findings.edit", shown.unit)
    if root_of(shown.unit) != root_of(unit):
        raise RoundOfOther(round=shown.name, unit=unit.name, name=name)


def retry_read(document: Import, *, actor: Actor) -> Import:
    """Read a document again after reading failed, or when the worker seems to have died.

    Raises:
        NotFound: it is out of reach.
        AlreadyConfirmed, NotReady: it was read, or is being read.
    """
    with transaction.atomic():
        found = lock_import(document, actor=actor, states=(_State.FAILED, _State.WAITING, _State.READING))
        if found.state != _State.FAILED and not is_stale(found):
            raise NotReady(name=found.name, state=_State(found.state).label)
        found.attempt += 1
        found.state, found.step, found.percent, found.error = _State.WAITING, "", 0, {}
        found.step_at, found.finished_at = timezone.now(), None
        found.save(update_fields=["attempt", "state", "step", "percent", "error", "step_at", "finished_at"])
        tell_trail(actor, codes.READ_AGAIN, found, attempt=found.attempt)
        transaction.on_commit(partial(_enqueue, found.pk, found.attempt))
    return found


def choose_round(document: Import, round_: InspectionRound | None, *, actor: Actor) -> Import:
    """Say which round a document belongs to; None opens a new one when it is confirmed.

    Raises:
        NotFound, NotAllowed, RoundOfOther: the import or the round is out of reach, or another unit's.
        AlreadyConfirmed, NotReady: it was confirmed or given up.
    """
    with transaction.atomic():
        found = lock_import(document, actor=actor, states=OPEN)
        if round_ is not None:
            _check_round(round_, found.unit, found.name, actor)
        if found.round != round_:
            found.draft_version += 1  # who looked at the matches of the other round has to look again
        found.round = round_
        found.save(update_fields=["round", "draft_version"])
        tell_trail(actor, codes.ROUND_CHOSEN, found, round=round_.name if round_ else "")
    return found


def discard_import(document: Import, *, actor: Actor) -> Import:
    """Give a document up; the file and what was done stay in the trail.

    Raises:
        NotFound: it is out of reach.
        AlreadyConfirmed, NotReady: it was confirmed or given up.
    """
    with transaction.atomic():
        found = lock_import(document, actor=actor, states=OPEN)
        found.state, found.step, found.finished_at = _State.DISCARDED, "", timezone.now()
        found.attempt += 1  # a reading under way ends without effect
        found.save(update_fields=["state", "step", "finished_at", "attempt"])
        tell_trail(actor, codes.DISCARDED, found)
    return found
