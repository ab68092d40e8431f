"""Corrections of a draft by a person.

Each is kept with what stood before, can be undone, and refuses to overwrite someone else's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now

from zhenggai.intake import codes, editing
from zhenggai.intake.actions.core import lock_import, tell_trail
from zhenggai.intake.drafts import Json, edited_part, with_edited_part
from zhenggai.intake.errors import NothingToUndo
from zhenggai.intake.models import DraftChange, Import
from zhenggai.people.models import User

_READ = (Import.State.READ,)


def _correct(document: Import, act: str, change: Callable[[Json], str], actor: User, version: int) -> Import:
    """Apply one correction to the draft.

    Raises:
        NotFound, AlreadyConfirmed, NotReady, DraftChanged: see :func:`~zhenggai.intake.actions.core.lock_import`.
        NoSuchPiece, BadCorrection: the correction cannot be made.
    """
    with transaction.atomic():
        found = lock_import(document, actor=actor, states=_READ, version=version)
        before = edited_part(found.draft)
        draft: Json = deepcopy(found.draft)
        label = change(draft)
        after = edited_part(draft)
        if after == before:
            return found
        found.changes.filter(undone=True).delete()  # a new correction closes the way to those taken back
        _keep(found, draft)
        DraftChange.objects.create(
            document=found, version=found.draft_version, act=act, label=label[:200], before=before, by=actor
        )
        tell_trail(actor, codes.CORRECTED, found, act=act, label=label, version=found.draft_version)
    return found


def _keep(document: Import, draft: Json) -> None:
    document.draft = draft
    document.draft_version += 1
    document.save(update_fields=["draft", "draft_version"])


def undo_change(document: Import, *, actor: User, version: int) -> Import:
    """Take the latest correction back.

    Raises:
        NotFound, AlreadyConfirmed, NotReady, DraftChanged: see :func:`~zhenggai.intake.actions.core.lock_import`.
        NothingToUndo: there is none.
    """
    with transaction.atomic():
        found = lock_import(document, actor=actor, states=_READ, version=version)
        change = found.changes.filter(undone=False).order_by("-version").first()
        if change is None:
            raise NothingToUndo(name=found.name, act=_now("撤销"))
        change.after, change.undone = edited_part(found.draft), True
        change.save(update_fields=["after", "undone"])
        _keep(found, with_edited_part(found.draft, change.before))
        tell_trail(actor, codes.UNDONE, found, act=change.act, label=change.label, version=found.draft_version)
    return found


def redo_change(document: Import, *, actor: User, version: int) -> Import:
    """Bring the correction that was taken back last again.

    Raises:
        NotFound, AlreadyConfirmed, NotReady, DraftChanged: see :func:`~zhenggai.intake.actions.core.lock_import`.
        NothingToUndo: there is none.
    """
    with transaction.atomic():
        found = lock_import(document, actor=actor, states=_READ, version=version)
        change = found.changes.filter(undone=True).order_by("version").first()
        if change is None or change.after is None:
            raise NothingToUndo(name=found.name, act=_now("重做"))
        after: Json = change.after
        change.after, change.undone = None, False
        change.save(update_fields=["after", "undone"])
        _keep(found, with_edited_part(found.draft, after))
        tell_trail(actor, codes.REDONE, found, act=change.act, label=change.label, version=found.draft_version)
    return found


def retitle_finding(document: Import, key: str, title: str, *, actor: User, version: int) -> Import:
    """Give a finding of the draft another title."""
    return _correct(document, "retitle", lambda draft: editing.retitle_finding(draft, key, title), actor, version)


def set_number(document: Import, key: str, no: str, *, actor: User, version: int) -> Import:
    """Give a finding another number."""
    return _correct(document, "set_number", lambda draft: editing.set_number(draft, key, no), actor, version)


def set_description(document: Import, key: str, text: str, *, actor: User, version: int) -> Import:
    """Give a finding another description."""
    return _correct(
        document, "set_description", lambda draft: editing.set_description(draft, key, text), actor, version
    )


def set_status(document: Import, key: str, status: str, *, actor: User, version: int) -> Import:
    """Say where a finding stands (``completed phased ongoing not_completed``).

    An empty status means that the document does not say.
    """
    return _correct(document, "set_status", lambda draft: editing.set_status(draft, key, status), actor, version)


def set_deadline(document: Import, key: str, text: str, *, actor: User, version: int) -> Import:
    """Give a finding another deadline, as written."""
    return _correct(document, "set_deadline", lambda draft: editing.set_deadline(draft, key, text), actor, version)


def set_target(document: Import, key: str, text: str, *, actor: User, version: int) -> Import:
    """Give a finding another criterion of completion."""
    return _correct(document, "set_target", lambda draft: editing.set_target(draft, key, text), actor, version)


def set_progress(document: Import, key: str, lines: Sequence[str], *, actor: User, version: int) -> Import:
    """Give a finding other statements of progress."""
    return _correct(document, "set_progress", lambda draft: editing.set_progress(draft, key, lines), actor, version)


def set_responsibility(document: Import, key: str, values: Mapping[str, str], *, actor: User, version: int) -> Import:
    """Change who answers for a finding: ``leader department person unit support supervisor``."""
    return _correct(
        document, "set_responsibility", lambda draft: editing.set_responsibility(draft, key, values), actor, version
    )


def merge_findings(document: Import, keys: Sequence[str], *, actor: User, version: int) -> Import:
    """Make one finding of several; the first keeps its title."""
    return _correct(document, "merge", lambda draft: editing.merge_findings(draft, keys), actor, version)


def split_finding(document: Import, key: str, measure_key: str, title: str, *, actor: User, version: int) -> Import:
    """Make two findings of one: the measures from *measure_key* on go to a new one called *title*."""
    return _correct(
        document, "split", lambda draft: editing.split_finding(draft, key, measure_key, title), actor, version
    )


def move_finding(document: Import, key: str, aspect_key: str, position: int, *, actor: User, version: int) -> Import:
    """Put a finding at a position (from 0) of an aspect; an empty *aspect_key* stands for none."""
    return _correct(
        document, "move", lambda draft: editing.move_finding(draft, key, aspect_key, position), actor, version
    )


def delete_finding(document: Import, key: str, *, actor: User, version: int) -> Import:
    """Take a finding out of the draft."""
    return _correct(document, "delete", lambda draft: editing.delete_finding(draft, key), actor, version)


def add_finding(
    document: Import, aspect_key: str, title: str, position: int = -1, *, actor: User, version: int
) -> Import:
    """Add a finding at a position (from 0, -1 for the end) of an aspect."""
    return _correct(
        document, "add", lambda draft: editing.add_finding(draft, aspect_key, title, position), actor, version
    )


def edit_measure(document: Import, key: str, values: Mapping[str, str], *, actor: User, version: int) -> Import:
    """Change a measure: ``text leader department person deadline``."""
    return _correct(document, "edit_measure", lambda draft: editing.edit_measure(draft, key, values), actor, version)


def add_measure(
    document: Import, finding_key: str, text: str, position: int = -1, *, actor: User, version: int
) -> Import:
    """Add a measure at a position (from 0, -1 for the end) of a finding."""
    return _correct(
        document, "add_measure", lambda draft: editing.add_measure(draft, finding_key, text, position), actor, version
    )


def delete_measure(document: Import, key: str, *, actor: User, version: int) -> Import:
    """Take a measure out of the draft."""
    return _correct(document, "delete_measure", lambda draft: editing.delete_measure(draft, key), actor, version)


def move_measure(document: Import, key: str, finding_key: str, position: int, *, actor: User, version: int) -> Import:
    """Put a measure at a position (from 0) of a finding."""
    return _correct(
        document, "move_measure", lambda draft: editing.move_measure(draft, key, finding_key, position), actor, version
    )


def split_measure(document: Import, key: str, at: int, *, actor: User, version: int) -> Import:
    """Make two measures of one, cut before character *at* of its text."""
    return _correct(document, "split_measure", lambda draft: editing.split_measure(draft, key, at), actor, version)


def merge_measures(document: Import, keys: Sequence[str], *, actor: User, version: int) -> Import:
    """Make one measure of several of the same finding."""
    return _correct(document, "merge_measures", lambda draft: editing.merge_measures(draft, keys), actor, version)


def edit_aspect(document: Import, key: str, values: Mapping[str, str], *, actor: User, version: int) -> Import:
    """Change the number or title of an aspect: ``no title``."""
    return _correct(document, "edit_aspect", lambda draft: editing.edit_aspect(draft, key, values), actor, version)


def add_aspect(document: Import, title: str, no: str = "", position: int = -1, *, actor: User, version: int) -> Import:
    """Add an aspect at a position (from 0, -1 for the end)."""
    return _correct(
        document, "add_aspect", lambda draft: editing.add_aspect(draft, title, no, position), actor, version
    )


def delete_aspect(document: Import, key: str, *, actor: User, version: int) -> Import:
    """Take an aspect out; its findings stay, without one."""
    return _correct(document, "delete_aspect", lambda draft: editing.delete_aspect(draft, key), actor, version)


def move_aspect(document: Import, key: str, position: int, *, actor: User, version: int) -> Import:
    """Put an aspect with its findings at another position (from 0)."""
    return _correct(document, "move_aspect", lambda draft: editing.move_aspect(draft, key, position), actor, version)


def set_facts(document: Import, values: Mapping[str, Any], *, actor: User, version: int) -> Import:
    """Change facts (``unit feedback_date …``) and declared counts (``counts.findings …``)."""
    return _correct(document, "set_facts", lambda draft: editing.set_facts(draft, values), actor, version)


def choose_match(document: Import, key: str, decision: str, *, actor: User, version: int) -> Import:
    """Decide what becomes of a finding: ``auto``, ``new``, ``skip``, or the key of a finding on the record."""
    return _correct(document, "choose_match", lambda draft: editing.choose_match(draft, key, decision), actor, version)
