"""Acts that the registers of this room have beyond making, changing and withdrawing entries, and the daily run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.findings.access import access_finding
from zhenggai.findings.actions import add_measure, create_finding
from zhenggai.findings.errors import BadValue
from zhenggai.findings.fields import clean_text
from zhenggai.findings.models import Finding
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind as Told
from zhenggai.people.access import OPERATOR, Actor, require
from zhenggai.people.models import Unit, User
from zhenggai.referrals import codes
from zhenggai.referrals.access import CLUES, MANAGE, clue_holders, may_do_fix, may_read_petition, standing_readers
from zhenggai.referrals.errors import AlreadyDone, HasReaders, NoReaderLeft, NoUnitsChosen, RoundMissing
from zhenggai.referrals.kinds import CLUE, COMMON, FIX, PETITION
from zhenggai.referrals.models import Clue, Common, ImmediateFix, NotTheSame, Petition, Share
from zhenggai.referrals.telling import remind
from zhenggai.registers.actions import Upload, attach, create_entry, lock_entry
from zhenggai.registers.keepers import heads
from zhenggai.registers.models import RegisterEntry
from zhenggai.registers.queries import access_entry


def finish_fix(
    fix: ImmediateFix, measure: str, *, actor: Actor, done_on: date | None = None, upload: Upload | None = None
) -> ImmediateFix:
    """Say that something was mended at once, and how.

    Raises:
        NotFound, NotAllowed: it is not the actor's to do.
        AlreadyDone: it was done before.
        BadValue: the text is missing, or the day cannot be.
        BadFile: the file cannot be taken.
    """
    if not may_do_fix(actor, access_entry(FIX, actor, fix.pk)):
        raise NotAllowed(permission=MANAGE)
    with transaction.atomic():
        found = lock_entry(FIX, fix.pk, actor=actor)
        if found.done_on is not None:
            raise AlreadyDone(title=str(found), day=found.done_on)
        found.measure = _words(_now("整改情况"), measure)
        found.done_on = _day_between(_now("完成日期"), done_on, found.issued_on)
        attach(found, upload, actor=actor)
        _save(found)
        _tell(actor, codes.FIX_DONE, FIX.code, found, done_on=found.done_on, measure=found.measure[:200])
    return found


def answer_petition(
    petition: Petition,
    result: str,
    text: str,
    *,
    actor: Actor,
    replied_on: date | None = None,
    upload: Upload | None = None,
) -> Petition:
    """Say what came of a petition; those who keep the register then close it.

    Raises:
        NotFound, NotAllowed: it is not the actor's to handle.
        AlreadyDone: it was closed before.
        BadValue: a value is missing or cannot be.
        BadFile: the file cannot be taken.
    """
    if not may_read_petition(actor, access_entry(PETITION, actor, petition.pk)):
        raise NotAllowed(permission=MANAGE)
    with transaction.atomic():
        found = lock_entry(PETITION, petition.pk, actor=actor)
        if found.closed_on is not None:
            raise AlreadyDone(title=found.no, day=found.closed_on)
        if result not in Petition.Result.values:
            raise BadValue(label=_now("核查结论"), value=result, reason=_now("不在可选范围内"))
        found.result, found.result_text = result, _words(_now("办理情况"), text)
        found.replied_on = _day_between(_now("答复日期"), replied_on, found.received_on)
        attach(found, upload, actor=actor)
        _save(found)
        _tell(actor, codes.PETITION_ANSWERED, PETITION.code, found, result=result, replied_on=found.replied_on)
    return found


def register_clue(
    unit: Unit,
    values: Mapping[str, object],
    *,
    actor: Actor,
    readers: Iterable[User] = (),
    upload: Upload | None = None,
) -> Clue:
    """Enter a clue; whoever enters it may read it, and those named.

    Raises:
        NotAllowed: the actor does not handle clues of that unit.
        UnknownField, BadValue: a value cannot be taken.
        NoReaderLeft: nobody could read it.
    """
    with transaction.atomic():
        clue = create_entry(CLUE, unit, values, actor=actor, upload=upload)
        named = {person.pk: person for person in readers}
        if isinstance(actor, User):
            named[actor.pk] = actor
        _set_readers(clue, named.values(), actor)
    return clue


def read_clue(clue: Clue, *, actor: Actor) -> Clue:
    """Return a clue to be read, and say in the trail that it was.

    Raises:
        NotFound: there is none, or it is not the actor's to read.
    """
    with transaction.atomic():
        found = access_entry(CLUE, actor, clue.pk)
        _tell(actor, codes.CLUE_READ, CLUE.code, found)
    return found


def name_readers(clue: Clue, readers: Iterable[User], *, actor: Actor) -> Clue:
    """Say who may read a clue, in place of who might before.

    Raises:
        NotFound: it is not the actor's to read.
        BadValue: one of them does not hold the right to handle clues of that unit.
        NoReaderLeft: nobody would be left.
    """
    with transaction.atomic():
        access_entry(CLUE, actor, clue.pk, manage=True)
        found = lock_entry(CLUE, clue.pk, actor=actor)
        before = sorted(found.readers.values_list("name", flat=True))
        _set_readers(found, readers, actor)
        _save(found)
        after = sorted(found.readers.values_list("name", flat=True))
        _tell(actor, codes.CLUE_READERS, CLUE.code, found, before="、".join(before), after="、".join(after))
        path, key = f"/referrals/clues/{found.pk}/", f"clue-{found.pk}-named"
        title = _now("您被指定为问题线索 %(no)s 的知悉人") % {"no": found.no}
        fresh = [person for person in found.readers.all() if person.name not in before]
        notify(fresh, actor=actor, kind=Told.REFERRAL, title=title, path=path, key=key)
    return found


def take_over_clue(key: int, *, actor: User) -> Clue:
    """Become the reader of a clue whose named readers have all left or lost the right.

    Raises:
        NotFound: there is none within reach.
        HasReaders: somebody can still read it.
    """
    with transaction.atomic():
        found = Clue.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=key).first()
        if found is None or found.withdrawn_at is not None:
            raise NotFound
        require(actor, CLUES, found.unit)
        if standing_readers(found):
            raise HasReaders
        found.readers.set([actor])
        _tell(actor, codes.CLUE_TAKEN_OVER, CLUE.code, found)
    return found


def hand_down(common: Common, units: Iterable[Unit], *, actor: Actor) -> list[Share]:
    """Give each of *units* its own finding of a common problem, with the measures all start with.

    Raises:
        NotFound, NotAllowed: the common problem is out of reach, or the actor may not add findings there.
        RoundMissing: it belongs to no round.
        NoUnitsChosen: all of them have it already, or none was chosen.
        BadValue: a unit does not stand below the body.
    """
    with transaction.atomic():
        access_entry(COMMON, actor, common.pk, manage=True)
        found = lock_entry(COMMON, common.pk, actor=actor)
        if found.round is None:
            raise RoundMissing(title=found.title)
        held = set(found.shares.values_list("unit_id", flat=True))
        fresh = [unit for unit in sorted(set(units), key=lambda each: (each.order, each.pk)) if unit.pk not in held]
        if not fresh:
            raise NoUnitsChosen(title=found.title)
        made = [_share(found, unit, actor) for unit in fresh]
        _save(found)
        names = "、".join(unit.name for unit in fresh)
        _tell(actor, codes.COMMON_HANDED_DOWN, COMMON.code, found, units=names)
    return made


def say_not_the_same(finding: Finding, earlier: Finding, *, actor: Actor) -> NotTheSame:
    """Say that *finding* is not *earlier* come back, so that it is not proposed again.

    Raises:
        NotFound: one of them is out of reach.
        NotAllowed: the actor does not keep that register.
    """
    with transaction.atomic():
        mine = access_finding(actor, finding.pk)
        theirs = access_finding(actor, earlier.pk)
        require(actor, MANAGE, mine.unit)
        said, new = NotTheSame.objects.get_or_create(
            finding=mine, earlier=theirs, defaults={"by": actor if isinstance(actor, User) else None}
        )
        if new:
            record(
                actor=actor,
                code=codes.NOT_THE_SAME,
                object_type="finding",
                object_id=mine.pk,
                object_label=mine.title,
                data={"earlier": theirs.title, "earlier_id": theirs.pk},
            )
    return said


def run_daily(today: date, *, since: date | None = None, actor: Actor = OPERATOR) -> dict[str, int]:
    """Remind of fixes, petitions and clues that fall due; return how many were told.

    It may run any number of times: who has not read an earlier reminder of the same matter is not told again.

    Args:
        today: the present day.
        since: the last day on which this was done; what fell between is made up for.
        actor: on whose account it happens.
    """
    with transaction.atomic():
        return {"reminders": remind(today, since=since, actor=actor)}


def _share(common: Common, unit: Unit, actor: Actor) -> Share:
    if not unit.path.startswith(common.unit.path) or unit.pk == common.unit_id or unit.kind != Unit.Kind.GRASSROOTS:
        raise BadValue(label=_now("单位"), value=unit.name, reason=_now("不是本单位的基层单位"))
    assert common.round is not None  # held by the caller
    values: dict[str, object] = {
        "title": common.title,
        "description": common.description,
        "kind": Finding.Kind.COMMON,
        "unit": unit,
    }
    if common.due_on is not None:
        values["due"] = common.due_on
    finding = create_finding(common.round, values, actor=actor)
    for text in filter(None, (line.strip() for line in common.measures.splitlines())):
        add_measure(finding, {"text": text}, actor=actor, version=Finding.objects.get(pk=finding.pk).version)
    share = Share.objects.create(
        common=common, unit=unit, finding=finding, by=actor if isinstance(actor, User) else None
    )
    notify(
        heads(unit),
        actor=actor,
        kind=Told.REFERRAL,
        title=_now("共性问题已分发到您单位：%(title)s") % {"title": common.title[:100]},
        path=f"/findings/{finding.pk}/",
        key=f"share-{share.pk}",
    )
    return share


def _set_readers(clue: Clue, readers: Iterable[User], actor: Actor) -> None:
    chosen = {person.pk: person for person in readers}
    allowed = set(clue_holders(actor, clue.unit).values_list("pk", flat=True))
    for key, person in chosen.items():
        if key not in allowed:
            raise BadValue(label=_now("知悉人"), value=person.name, reason=_now("没有办理问题线索的权限"))
    if not chosen:
        raise NoReaderLeft
    clue.readers.set(chosen.values())


def _words(label: str, text: str) -> str:
    words = clean_text(text, lines=True)
    if not words:
        raise BadValue(label=label, value="", reason=_now("不能为空"))
    return words[:4000]


def _day_between(label: str, day: date | None, earliest: date) -> date:
    today = timezone.localdate()
    chosen = day or today
    if chosen > today:
        raise BadValue(label=label, value=chosen, reason=_now("晚于今天"))
    if chosen < earliest:
        raise BadValue(label=label, value=chosen, reason=_now("早于收到的日期"))
    return chosen


def _save(entry: RegisterEntry) -> None:
    entry.version += 1
    entry.save()


def _tell(actor: Actor, code: str, object_type: str, entry: RegisterEntry, **data: Any) -> None:
    record(
        actor=actor,
        code=code,
        object_type=object_type,
        object_id=entry.pk,
        object_label=str(entry),
        data={name: value if isinstance(value, str | int | bool) else str(value) for name, value in data.items()},
    )
