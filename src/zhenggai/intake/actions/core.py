"""What the acts on imports share: lock one, check its state, tell the trail."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.intake.errors import AlreadyConfirmed, DraftChanged, NotReady
from zhenggai.intake.models import Import
from zhenggai.intake.queries import access_import
from zhenggai.people.access import Actor

IMPORT = "import"
"""``object_type`` of entries about an import."""


def lock_import(document: Import, *, actor: Actor, states: Collection[str], version: int | None = None) -> Import:
    """Lock one import within the actor's reach.

    Args:
        document: which one.
        actor: who acts.
        states: states that permit the act.
        version: the ``draft_version`` the person saw; None when the act does not depend on it.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        AlreadyConfirmed, NotReady: its state does not permit the act.
        DraftChanged: someone corrected the draft after the person saw it.
    """
    access_import(actor, document.pk)
    related = ("file", "unit", "round__unit")
    found = Import.objects.select_for_update(of=("self",)).select_related(*related).get(pk=document.pk)
    if found.state not in states:
        if found.state == Import.State.CONFIRMED:
            raise AlreadyConfirmed(name=found.name)
        raise NotReady(name=found.name, state=Import.State(found.state).label)
    if version is not None and found.draft_version != version:
        last = found.changes.select_related("by").filter(version=found.draft_version, undone=False).first()
        # Taking back, bringing again and choosing a round are no corrections of their own.
        who, label = (last.by.name, last.label) if last else (_now("他人"), _now("撤销、重做或更换轮次"))
        raise DraftChanged(name=found.name, who=who, label=label)
    return found


def tell_trail(actor: Actor, code: str, document: Import, **data: Any) -> None:
    """Append an entry about *document*."""
    record(
        actor=actor,
        code=code,
        object_type=IMPORT,
        object_id=document.pk,
        object_label=document.name,
        data={"sha256": document.file.sha256, **data},
    )
