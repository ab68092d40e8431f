"""What the pages show about deputies: one's own page and that of a person."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from zhenggai.people.access import access_of, may
from zhenggai.people.models import User
from zhenggai.people.queries import deputies_of, deputy_for, possible_deputies
from zhenggai.people.roles import OFFICERS, Permission


def deputies_context(actor: User, person: User) -> dict[str, Any]:
    """Return what ``system/_deputies.html`` shows about *person* to *actor*."""
    mine = person.pk == actor.pk
    holds_officer = bool(access_of(person).roles & OFFICERS)
    allowed = person.is_active and not holds_officer and (mine or may(actor, Permission.ASSIGN_POSTS))
    candidates = possible_deputies(person) if allowed else []
    return {
        "deputies": deputies_of(person),
        "acts_for": deputy_for(person),
        "may_appoint": bool(candidates),
        "may_end": mine or may(actor, Permission.ASSIGN_POSTS),
        "today": timezone.localdate(),
        "candidates": [(each.pk, each.name) for each in candidates],
    }
