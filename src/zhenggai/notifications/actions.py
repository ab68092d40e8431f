"""Acts on what people are told."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from zhenggai.notifications.kinds import Kind
from zhenggai.notifications.models import Notification
from zhenggai.people.access import Actor, Operator
from zhenggai.people.models import User


def notify(
    people: Iterable[User], *, actor: Actor, kind: Kind, title: str, path: str, body: str = "", key: str = ""
) -> list[Notification]:
    """Tell *people* something, inside the transaction of the act that caused it; the actor is never told.

    Args:
        people: whom; each once, closed accounts are left out.
        actor: who caused it.
        kind: what kind of thing it is.
        title: one line that says the thing.
        path: address below the root of the page where something can be done about it.
        body: a sentence more.
        key: what it is about; whoever has not read an earlier one with this key is not told again.
    """
    chosen = {person.pk: person for person in people if person.is_active and person.pk != actor.pk}
    if key:
        told = Notification.objects.filter(user__in=chosen, key=key, read_at__isnull=True)
        for user_id in told.values_list("user_id", flat=True):
            chosen.pop(user_id, None)
    by = "" if isinstance(actor, Operator) else actor.name
    rows = [
        Notification(
            user=person, kind=kind, title=title[:200], body=body[:500], path=path[:300], key=key[:120], actor_name=by
        )
        for person in chosen.values()
    ]
    with transaction.atomic():
        return Notification.objects.bulk_create(rows)


def mark_read(keys: Iterable[int], *, actor: User) -> int:
    """Mark one's own notifications as read; return how many were not."""
    mine = Notification.objects.filter(user=actor, pk__in=list(keys), read_at__isnull=True)
    return mine.update(read_at=timezone.now())
