"""What a person chose about messages, and the chat robots of people and units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.audit.actions import record
from zhenggai.kit.errors import NotFound
from zhenggai.notifications import codes
from zhenggai.notifications.addresses import check_host, parse_address
from zhenggai.notifications.errors import BadAddress, BadChoice, NoMail, TooManyAddresses, TooSoon
from zhenggai.notifications.kinds import CHOOSABLE, Kind
from zhenggai.notifications.models import Address, Channel, Delivery, Mode, Notification, Preference
from zhenggai.notifications.tasks import wake_on_commit
from zhenggai.notifications.wishes import WAYS
from zhenggai.people.access import require
from zhenggai.people.models import Unit, User

MOST_ADDRESSES = 10
TEST_EVERY = timedelta(minutes=1)
MANAGE = "policy.manage"
"""Who keeps the rules of a body keeps the robots of its groups."""


@transaction.atomic
def set_preference(
    *, actor: User, muted: Iterable[str], modes: Mapping[str, Mapping[str, str]], digest_hour: int
) -> Preference:
    """Keep what the actor chose about their own messages, instead of what they chose before.

    Args:
        actor: whose.
        muted: kinds whose messages are hidden.
        modes: ``email`` and ``chat`` → kind → mode.
        digest_hour: hour at which what is gathered goes out, 0 to 23.

    Raises:
        BadChoice: there is no such kind, way, mode or hour.
    """
    kinds = frozenset(kind.value for kind in CHOOSABLE)
    hidden = sorted(set(muted))
    chosen = {way: dict(modes.get(way, {})) for way in modes}
    told = [
        *(kind for kind in hidden if kind not in kinds),
        *(way for way in chosen if way not in WAYS),
        *(kind for each in chosen.values() for kind in each if kind not in kinds),
        *(mode for each in chosen.values() for mode in each.values() if mode not in Mode.values),
        *([str(digest_hour)] if not 0 <= digest_hour <= 23 else []),
    ]
    if told:
        raise BadChoice(value=told[0])
    kept, _new = Preference.objects.update_or_create(
        user=actor, defaults={"muted": hidden, "modes": chosen, "digest_hour": digest_hour}
    )
    return kept


def add_address(
    *,
    actor: User,
    channel: str,
    text: str,
    name: str = "",
    signing_key: str = "",
    unit: Unit | None = None,
    kinds: Iterable[str] = (),
) -> Address:
    """Keep a chat robot: one's own, or that of a unit's group.

    Args:
        actor: whose it is, or who keeps the rules of *unit*.
        channel: which service.
        text: the address as the service shows it.
        name: what people call it.
        signing_key: DingTalk's key for signing.
        unit: the unit whose group it is; None for one's own.
        kinds: what a group is told.

    Raises:
        NotAllowed: the actor does not keep the rules of *unit*.
        BadAddress: it is no address of that service.
        HostNotAllowed: it leads into the server's own network.
        BadChoice: there is no such kind.
        TooManyAddresses: there are as many as there may be.
    """
    if unit is not None:
        require(actor, MANAGE, unit)
    if channel not in Channel.values or channel == Channel.EMAIL:
        raise BadAddress(reason=_("没有这种渠道"))
    wanted = sorted(set(kinds))
    known = {kind.value for kind in CHOOSABLE}
    if wrong := [kind for kind in wanted if kind not in known]:
        raise BadChoice(value=wrong[0])
    parsed = parse_address(channel, text, signing_key)
    check_host(parsed.host, settings.ZHENGGAI_CHAT_HOSTS)
    with transaction.atomic():
        if unit is None:
            User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        else:
            Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        held = Address.objects.filter(user=actor if unit is None else None, unit=unit, removed_at__isnull=True).count()
        if held >= MOST_ADDRESSES:
            raise TooManyAddresses(count=held)
        label = Channel(channel).label
        kept = Address.objects.create(
            user=actor if unit is None else None,
            unit=unit,
            channel=channel,
            name=" ".join(name.split())[:60] or str(label),
            secret=parsed.url,
            hint=parsed.hint[:80],
            kinds=wanted if unit is not None else [],
            created_by=actor,
        )
        _record(actor, codes.ADDRESS_ADDED, kept)
    return kept


@transaction.atomic
def remove_address(address: Address, *, actor: User) -> None:
    """Forget a chat robot, its secret with it; what waits for it is not sent.

    Raises:
        NotFound: it is someone else's, or removed already.
    """
    kept = _locked(address, actor)
    kept.removed_at, kept.secret = timezone.now(), ""
    kept.save(update_fields=["removed_at", "secret"])
    Delivery.objects.filter(address=kept, state=Delivery.State.WAITING).update(state=Delivery.State.DROPPED)
    _record(actor, codes.ADDRESS_REMOVED, kept)


def send_test(address: Address | None, *, actor: User) -> Delivery:
    """Send the actor a test message, to a robot or by mail.

    Args:
        address: the robot; None for mail.
        actor: who asks; the robot is theirs, or that of a unit whose rules they keep.

    Raises:
        NotFound: it is someone else's, or removed.
        NoMail: mail cannot go out.
        TooSoon: the last test is not a minute old.
    """
    if address is None and not settings.ZHENGGAI_MAIL:
        raise NoMail(reason=_("平台尚未接通邮件服务器"))
    if address is None and not actor.email:
        raise NoMail(reason=_("您还没有填写邮箱"))
    with transaction.atomic():
        kept = None if address is None else _locked(address, actor)
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        target = f"test:{kept.pk if kept else 'email'}:{actor.pk}"
        now = timezone.now()
        if Delivery.objects.filter(target=target, created_at__gt=now - TEST_EVERY).exists():
            raise TooSoon
        note = Notification.objects.create(
            user=actor,
            kind=Kind.TEST,
            title=_("这是一条测试消息"),
            body=_("收到即表示这个渠道已经接通。"),
            path="/me/notifications/",
            handed_on_at=now,
        )
        channel = Channel.EMAIL if kept is None else kept.channel
        sent = Delivery.objects.create(channel=channel, user=actor, address=kept, target=target, due_at=now)
        sent.notifications.add(note)
        wake_on_commit()
    return sent


def _locked(address: Address, actor: User) -> Address:
    kept = Address.objects.select_for_update(of=("self",)).filter(pk=address.pk, removed_at__isnull=True).first()
    if kept is None or (kept.user_id is not None and kept.user_id != actor.pk):
        raise NotFound
    if kept.unit is not None:
        require(actor, MANAGE, kept.unit)
    return kept


def _record(actor: User, code: str, address: Address) -> None:
    data = {"channel": address.channel, "hint": address.hint, "unit": address.unit.name if address.unit else ""}
    record(actor=actor, code=code, object_type="address", object_id=address.pk, object_label=address.name, data=data)
