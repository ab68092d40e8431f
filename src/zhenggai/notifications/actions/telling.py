"""Telling people something, and their reading it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.notifications.kinds import Kind
from zhenggai.notifications.models import Notification, Preference
from zhenggai.notifications.tasks import wake_on_commit
from zhenggai.notifications.wishes import is_muted
from zhenggai.people.access import Actor, Operator, current_deputies
from zhenggai.people.models import User

logger = logging.getLogger("zhenggai.notifications")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a digest lists."""

    title: str
    """What it is."""
    path: str
    """Address below the root where something can be done about it."""
    note: str = ""
    """What presses: 还剩 3 天."""
    late: bool = False
    """Whether it is past its day."""


def notify(
    people: Iterable[User],
    *,
    actor: Actor,
    kind: Kind,
    title: str,
    path: str,
    body: str = "",
    key: str = "",
    items: Sequence[Item] = (),
) -> list[Notification]:
    """Tell *people* something, inside the transaction of the act that caused it; the actor is never told.

    Whoever acts for one of them today is told too.  What goes out by mail or chat is put together after the commit,
    by a process of its own, so that no channel can break an act.

    Args:
        people: whom; each once, closed accounts are left out.
        actor: who caused it.
        kind: what kind of thing it is.
        title: one line that says the thing.
        path: address below the root of the page where something can be done about it.
        body: a sentence more.
        key: what it is about; whoever has not read an earlier one with this key is not told again.
        items: what a digest lists, the pressing things first.
    """
    bodies = {person: body for person in people if person.is_active and person.pk != actor.pk}
    bodies = {**_deputies_of(bodies, body, actor), **bodies}
    if key:
        told = Notification.objects.filter(user__in=bodies, key=key, read_at__isnull=True)
        known = set(told.values_list("user_id", flat=True))
        bodies = {person: words for person, words in bodies.items() if person.pk not in known}
    if not bodies:
        return []
    choices = {choice.pk: choice for choice in Preference.objects.filter(pk__in=[person.pk for person in bodies])}
    now = timezone.now()
    rows = []
    for person, words in bodies.items():
        muted = is_muted(choices.get(person.pk), kind)
        rows.append(
            Notification(
                user=person,
                kind=kind,
                title=title[:200],
                body=words[:500],
                path=path[:300],
                items=[asdict(item) for item in items],
                key=key[:120],
                actor_name="" if isinstance(actor, Operator) else actor.name,
                muted=muted,
                handed_on_at=now if muted else None,
            )
        )
    with transaction.atomic():
        kept = Notification.objects.bulk_create(rows)
        if not all(row.muted for row in kept):
            wake_on_commit()
    return kept


def _deputies_of(principals: Iterable[User], body: str, actor: Actor) -> dict[User, str]:
    found: dict[User, str] = {}
    acting = current_deputies().filter(principal__in=list(principals), deputy__is_active=True)
    for row in acting.exclude(deputy_id=actor.pk or 0).select_related("deputy", "principal"):
        words = _("您正在代理%(name)s。") % {"name": row.principal.name}
        found.setdefault(row.deputy, f"{words}{body}")
    return found


def mark_read(keys: Iterable[int] | None, *, actor: User) -> int:
    """Mark one's own notifications as read, all of them for None; return how many were not."""
    mine = Notification.objects.filter(user=actor, read_at__isnull=True)
    if keys is not None:
        mine = mine.filter(pk__in=list(keys))
    return mine.update(read_at=timezone.now())
