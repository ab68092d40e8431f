"""What a person was told, what they chose, and how it went out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Case, Count, Q, QuerySet, When
from django.utils import timezone

from zhenggai.kit.errors import NotFound
from zhenggai.notifications.kinds import CHOOSABLE, Kind
from zhenggai.notifications.models import Address, DailyRun, Delivery, Mode, Notification, Preference
from zhenggai.notifications.wishes import DIGEST_HOUR, is_muted, mode_of
from zhenggai.people.access import may, reach
from zhenggai.people.models import Unit, User

MANAGE = "policy.manage"


def unread_count(user: User) -> int:
    """Return how many notifications the person has not read, hidden ones left out; one query, of an index alone."""
    return Notification.objects.filter(user=user, read_at__isnull=True, muted=False).count()


def notifications_of(user: User, *, kind: str = "", muted: bool = False) -> QuerySet[Notification]:
    """Return what the person was told, unread first, newest first in each part.

    Args:
        user: the person.
        kind: only this kind; empty for all.
        muted: those the person hides, instead of the others.
    """
    mine = Notification.objects.filter(user=user, muted=muted)
    if kind:
        mine = mine.filter(kind=kind)
    was_read = Case(When(read_at__isnull=True, then=0), default=1)
    return mine.order_by(was_read, "-id")


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many notifications of one kind there are."""

    kind: str
    """Its code."""
    label: str
    """What people call it."""
    total: int
    """All of them."""
    unread: int
    """Those not read."""


def kind_counts(user: User) -> list[KindCount]:
    """Return the kinds of which the person was told something, hidden ones left out, in declared order; one query."""
    rows = (
        Notification.objects.filter(user=user, muted=False)
        .order_by()
        .values("kind")
        .annotate(total=Count("pk"), unread=Count("pk", filter=Q(read_at__isnull=True)))
    )
    found: Mapping[str, tuple[int, int]] = {row["kind"]: (row["total"], row["unread"]) for row in rows}
    return [KindCount(kind.value, str(kind.label), *found[kind]) for kind in Kind if kind in found]


@dataclass(frozen=True, slots=True)
class KindChoice:
    """One row of a person's choices."""

    kind: str
    """Its code."""
    label: str
    """What people call it."""
    muted: bool
    """Whether its messages are hidden."""
    email: Mode
    """When it goes out by mail."""
    chat: Mode
    """When it goes out to the person's robots."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose, ready to show."""

    rows: tuple[KindChoice, ...]
    """One for each kind."""
    digest_hour: int
    """At which hour what is gathered goes out."""
    mail_ready: bool
    """Whether the platform can send mail at all."""


def choices_of(user: User) -> Choices:
    """Return what the person chose, with the defaults where they chose nothing."""
    choice = Preference.objects.filter(user=user).first()
    rows = tuple(
        KindChoice(
            kind.value,
            str(kind.label),
            is_muted(choice, kind),
            mode_of(choice, "email", kind),
            mode_of(choice, "chat", kind),
        )
        for kind in CHOOSABLE
    )
    return Choices(rows, DIGEST_HOUR if choice is None else choice.digest_hour, bool(settings.ZHENGGAI_MAIL))


def addresses_of(user: User) -> list[Address]:
    """Return the person's own robots."""
    return list(Address.objects.filter(user=user, removed_at__isnull=True))


def group_addresses(actor: User) -> list[Address]:
    """Return the robots of the groups of units whose rules the actor keeps."""
    reached = reach(actor, MANAGE)
    if not reached:
        return []
    units = Unit.objects.filter(reached.units()).order_by().values("pk")
    return list(Address.objects.filter(unit__in=units, removed_at__isnull=True).select_related("unit", "created_by"))


def access_address(actor: User, key: int) -> Address:
    """Return one robot: the actor's own, or of a unit whose rules they keep.

    Raises:
        NotFound: there is none, or it is someone else's.
    """
    found = Address.objects.select_related("unit").filter(pk=key, removed_at__isnull=True).first()
    mine = found is not None and found.user_id == actor.pk
    kept = found is not None and found.unit is not None and may(actor, MANAGE, found.unit)
    if found is None or not (mine or kept):
        raise NotFound
    return found


def recent_deliveries(user: User, count: int = 10) -> list[Delivery]:
    """Return the person's last deliveries that were tried or failed, newest first."""
    tried = Delivery.objects.filter(user=user, attempts__gt=0).exclude(state=Delivery.State.DROPPED)
    return list(tried.select_related("address")[:count])


def has_work() -> bool:
    """Tell whether anything waits to be handed on or sent now; for a process that looks again and again."""
    now = timezone.now()
    if Notification.objects.filter(handed_on_at__isnull=True).exists():
        return True
    under_way = Delivery.objects.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])
    return under_way.filter(due_at__lte=now).exists()


def was_run(room: str, day: date) -> bool:
    """Tell whether a room did its work of *day*."""
    return DailyRun.objects.filter(room=room, day=day).exists()
