"""What the acts of the loop share: lock and check, move along the table, tell trail and people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.audit.models import Entry
from zhenggai.audit.queries import label_of
from zhenggai.findings.changes import lock_finding, tell_trail
from zhenggai.findings.fields import clean_text
from zhenggai.findings.history import FINDING
from zhenggai.findings.models import Finding, Stage
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import Actor, Operator, access_of
from zhenggai.people.models import Unit, User
from zhenggai.workflow.errors import BadDay, MoveNotAllowed, TextMissing
from zhenggai.workflow.models import Item, Serial
from zhenggai.workflow.rules import Rules, course_of
from zhenggai.workflow.transitions import AT_WORK, check_move


@dataclass(slots=True)
class Held:
    """A finding under lock, with what the loop keeps about it."""

    finding: Finding
    """Locked."""
    item: Item
    """Its row in the loop, locked too."""
    rules: Rules
    """What its round runs by."""


def hold(key: int, *, actor: Actor, permission: str, move: str = "", version: int | None = None) -> Held:
    """Lock a finding that *permission* reaches, and check that it may make *move*.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, ChangedMeanwhile: as :func:`~zhenggai.findings.changes.lock_finding`.
        MoveNotAllowed: it does not stand where the move starts.
    """
    finding = lock_finding(key, actor=actor, permissions=[permission], version=version)
    if move:
        check_here(move, finding)
    item = Item.objects.select_for_update().filter(finding=finding).first()
    if item is None:  # the finding is locked, so nobody else makes it meanwhile
        item = Item.objects.create(finding=finding)
    return Held(finding, item, course_of(finding.round))


def check_here(move: str, finding: Finding) -> None:
    """Hold that *finding* may make *move* where it stands.

    Raises:
        MoveNotAllowed: it may not; it says who acted last.
    """
    try:
        check_move(move, finding.stage, finding.title)
    except MoveNotAllowed as error:
        raise MoveNotAllowed(**{**error.slots, "last": last_act(finding)}) from None


def check_takes_work(finding: Finding, verb: str) -> None:
    """Hold that work is taken on *finding*.

    Raises:
        MoveNotAllowed: it is not; it says who acted last.
    """
    stage = Stage(finding.stage)
    if stage not in AT_WORK:
        raise MoveNotAllowed(title=finding.title, move=verb, stage=stage.label, last=last_act(finding))


def last_act(finding: Finding) -> str:
    """Return in words who acted last on *finding* in the loop, and how."""
    entries = Entry.objects.filter(object_type=FINDING, object_id=str(finding.pk), code__startswith="workflow.")
    last = entries.order_by("-sequence").first()
    if last is None:
        return _now("尚无")
    return _now("%(who)s，%(what)s") % {"who": last.actor_name, "what": label_of(last.code)}


_Code = TypeVar("_Code", bound=TextChoices)


def chosen(codes: type[_Code], value: str, label: str) -> _Code:
    """Return *value* as one of *codes*.

    Raises:
        TextMissing: it is none of them.
    """
    if value not in codes.values:
        raise TextMissing(label=label)
    return codes(value)


def optional(text: str, longest: int = 4000) -> str:
    """Return *text* cleaned; nothing is an answer too."""
    return clean_text(text, lines=True)[:longest]


def person(actor: Actor) -> User:
    """Return the actor as a person; what is signed needs one.

    Raises:
        TextMissing: the operator at the server cannot sign.
    """
    if isinstance(actor, Operator):
        raise TextMissing(label=_now("办理人"))
    return actor


def needed(text: str, label: str, longest: int = 4000) -> str:
    """Return *text* cleaned.

    Raises:
        TextMissing: nothing is left.
    """
    words = optional(text, longest)
    if not words:
        raise TextMissing(label=label)
    return words


def not_later(day: date, label: str) -> date:
    """Return *day* when it is not after today.

    Raises:
        BadDay: it lies ahead.
    """
    if day > timezone.localdate():
        raise BadDay(label=label, value=day.isoformat(), reason=_now("不能晚于今天"))
    return day


def trail(actor: Actor, code: str, finding: Finding, **data: Any) -> None:
    """Append an entry about *finding*, without what has no value."""
    tell_trail(actor, code, finding, **{name: value for name, value in data.items() if value not in (None, "", [])})


def trail_round(actor: Actor, code: str, round_id: int, label: str, **data: Any) -> None:
    """Append an entry about a round."""
    record(actor=actor, code=code, object_type="round", object_id=round_id, object_label=label, data=data)


def tell(
    people: Iterable[User], held: Held, *, actor: Actor, kind: Kind, title: str, body: str = "", at: str = ""
) -> None:
    """Tell people about a finding; the address leads to the place on its page."""
    finding = held.finding
    notify(
        people,
        actor=actor,
        kind=kind,
        title=title,
        body=body,
        path=f"/findings/{finding.pk}/{at}",
        key=f"{kind.value}:{finding.pk}:{finding.version}",
    )


def doing_people(finding: Finding, more: Iterable[int] = ()) -> list[User]:
    """Return those who do the work on *finding*: its owner, the owners of its measures, the heads of its department."""
    keys = {finding.owner_id, *more}
    keys |= set(finding.measures.filter(withdrawn_at=None).values_list("owner_id", flat=True))
    if finding.department_id:
        heads = finding.department.posts.filter(role="department_head", ended_on=None) if finding.department else []
        keys |= {post.user_id for post in heads}
    return list(User.objects.filter(pk__in=[key for key in keys if key is not None], is_active=True))


def take_serial(unit: Unit, kind: str, year: int) -> int:
    """Return the next number of a kind of form of a body in a year; inside a transaction."""
    Serial.objects.get_or_create(unit=unit, kind=kind, year=year)
    row = Serial.objects.select_for_update().get(unit=unit, kind=kind, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def principal_among(actor: User, keys: Iterable[int | None]) -> User | None:
    """Return the one among *keys* whom the actor acts for; None when the actor is one of them, or acts for none."""
    asked = set(keys)
    if actor.pk in asked:
        return None
    acted_for = sorted(key for key in access_of(actor).principals if key in asked)
    return User.objects.get(pk=acted_for[0]) if acted_for else None
