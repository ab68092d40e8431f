"""How notifications go out: gathered into deliveries, sent once, tried again when it failed.

Only one process can take a delivery, by changing its state in one statement.  One that was killed while it sent leaves
a delivery of which nobody knows whether it arrived: it is marked so and not sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.notifications.models import Address, Channel, Delivery, Mode, Notification, Preference
from zhenggai.notifications.sending import NotSent, send_chat, send_mail
from zhenggai.notifications.wishes import DIGEST_HOUR, mode_of, next_digest_at
from zhenggai.notifications.wording import build_chat, build_mail
from zhenggai.people.access import current_posts
from zhenggai.people.models import User

GATHER = timedelta(seconds=60)
"""How long a message waits for others that follow it."""
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 720))
"""How long to wait after each failed try; after the last one nothing is tried any more."""
STALE = timedelta(minutes=15)
"""After which time a process that sends is taken for dead."""
KEPT = timedelta(days=90)
"""How long it is kept how a message went out; the message itself stays."""
AT_ONCE = 500
"""How many notifications are handed on in one transaction."""


@dataclass(frozen=True, slots=True)
class _Way:
    target: str
    channel: str
    due_at: datetime
    user_id: int | None = None
    address_id: int | None = None


def hand_on(now: datetime | None = None) -> int:
    """Put new notifications into the deliveries their people want; return how many notifications there were."""
    now, total = now or timezone.now(), 0
    while count := _hand_on_some(now):
        total += count
    return total


@transaction.atomic
def _hand_on_some(now: datetime) -> int:
    waiting = Notification.objects.select_for_update(skip_locked=True, of=("self",)).filter(handed_on_at__isnull=True)
    rows = list(waiting.select_related("user").order_by("id")[:AT_ONCE])
    gathered: dict[str, tuple[_Way, list[Notification]]] = {}
    for row, ways in zip(rows, _ways_of(rows, now), strict=True):
        for way in ways:
            gathered.setdefault(way.target, (way, []))[1].append(row)
    for target in sorted(gathered):  # in order, so that two processes never wait for each other
        way, notes = gathered[target]
        _gathering(way).notifications.add(*notes)
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(handed_on_at=now)
    return len(rows)


def _ways_of(rows: Sequence[Notification], now: datetime) -> Iterable[list[_Way]]:
    users = {row.user_id for row in rows}
    choices = {choice.pk: choice for choice in Preference.objects.filter(pk__in=users)}
    own: dict[int, list[Address]] = {}
    groups = []
    for address in Address.objects.filter(removed_at__isnull=True).select_related("unit"):
        if address.user_id in users:
            own.setdefault(address.user_id, []).append(address)
        elif address.unit is not None:
            groups.append(address)
    paths: dict[int, set[str]] = {}
    if groups:
        for user_id, path in current_posts().filter(user__in=users).values_list("user_id", "unit__path"):
            paths.setdefault(user_id, set()).add(path)
    for row in rows:
        choice = choices.get(row.user_id)
        hour = DIGEST_HOUR if choice is None else choice.digest_hour
        found = []
        if settings.ZHENGGAI_MAIL and row.user.email and row.user.is_active:
            found += _ways("email", mode_of(choice, "email", row.kind), now, hour, row.user_id, None)
        for address in own.get(row.user_id, ()) if row.user.is_active else ():
            found += _ways(address.channel, mode_of(choice, "chat", row.kind), now, hour, row.user_id, address)
        for address in groups:
            inside = any(path.startswith(address.unit.path) for path in paths.get(row.user_id, ()) if address.unit)
            if inside and row.kind in address.kinds:
                found += _ways(address.channel, Mode.DAILY, now, DIGEST_HOUR, None, address)
        yield found


def _ways(
    channel: str, mode: Mode, now: datetime, hour: int, user_id: int | None, address: Address | None
) -> list[_Way]:
    if mode == Mode.NEVER:
        return []
    due_at = now + GATHER if mode == Mode.NOW else next_digest_at(now, hour)
    target = f"{channel}:{address.pk if address else user_id}:{mode}"
    return [_Way(target, channel, due_at, user_id, address.pk if address else None)]


def _gathering(way: _Way) -> Delivery:
    """Return the delivery of *way* that still gathers, locked: one taken meanwhile by a sender is not it any more."""
    open_ones = Delivery.objects.select_for_update().filter(target=way.target, state=Delivery.State.WAITING, attempts=0)
    found = open_ones.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Delivery.objects.create(
                channel=way.channel,
                user_id=way.user_id,
                address_id=way.address_id,
                target=way.target,
                due_at=way.due_at,
            )
    except IntegrityError:  # somebody was faster
        return open_ones.get()


def deliver_due(now: datetime | None = None) -> int:
    """Send what is due; return how many deliveries went out."""
    now = now or timezone.now()
    stale = Delivery.objects.filter(state=Delivery.State.SENDING, claimed_at__lt=now - STALE)
    stale.update(state=Delivery.State.LOST, last_error=_("发送途中进程中断，不知是否送达，为避免重复不再发送"))
    due = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=now).order_by("due_at", "id")
    return sum(_deliver(key, now) for key in list(due.values_list("pk", flat=True)))


def _deliver(key: int, now: datetime) -> bool:
    """Send one delivery unless another process has it; return whether it went out."""
    mine = Delivery.objects.filter(pk=key, state=Delivery.State.WAITING, due_at__lte=now)
    if not mine.update(state=Delivery.State.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1):
        return False
    delivery = Delivery.objects.select_related("user", "address", "address__unit").get(pk=key)
    told = _still_worth_telling(delivery)
    if not told:
        _settle(delivery, Delivery.State.DROPPED)
        return False
    try:
        _send(delivery, told)
    except NotSent as error:
        _settle_failed(delivery, str(error), now)
        return False
    _settle(delivery, Delivery.State.SENT)
    return True


def _still_worth_telling(delivery: Delivery) -> list[Notification]:
    """Return what the delivery tells; what its person has read meanwhile is not told again."""
    if delivery.address is not None and delivery.address.removed_at is not None:
        return []
    if delivery.user is not None and not delivery.user.is_active:
        return []
    told = delivery.notifications.select_related("user").order_by("id")
    return list(told.filter(read_at__isnull=True) if delivery.user is not None else told)


def _send(delivery: Delivery, told: Sequence[Notification]) -> None:
    site = settings.ZHENGGAI_URL
    if delivery.channel == Channel.EMAIL:
        person: User | None = delivery.user
        if person is None or not person.email:
            raise NotSent(_("收件人没有邮箱"))
        mail = build_mail(person.name, told, site)
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
        mark = f"<{delivery.pk}.{delivery.created_at:%Y%m%d%H%M%S}@{domain}>"
        send_mail(person.email, mail.subject, mail.text, mark)
        return
    if delivery.address is None:
        raise NotSent(_("没有机器人地址"))
    message = build_chat(told, site, titles=settings.ZHENGGAI_CHAT_TITLES, names=delivery.user is None)
    send_chat(delivery.address.secret, message.subject, message.text)


def _settle(delivery: Delivery, state: str) -> None:
    delivery.state = state
    delivery.sent_at = timezone.now() if state == Delivery.State.SENT else None
    delivery.last_error = "" if state == Delivery.State.SENT else delivery.last_error
    delivery.save(update_fields=["state", "sent_at", "last_error"])


def _settle_failed(delivery: Delivery, reason: str, now: datetime) -> None:
    again = delivery.attempts <= len(BACK_OFF)
    delivery.state = Delivery.State.WAITING if again else Delivery.State.FAILED
    if again:
        delivery.due_at = now + BACK_OFF[delivery.attempts - 1]
    delivery.last_error = reason[:300]
    delivery.save(update_fields=["state", "due_at", "last_error"])


def forget_old(now: datetime | None = None) -> int:
    """Drop what is known of deliveries that ended long ago; return how many."""
    ended = Delivery.objects.exclude(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])
    old = ended.filter(created_at__lt=(now or timezone.now()) - KEPT)
    count = old.count()
    old.delete()
    return count
