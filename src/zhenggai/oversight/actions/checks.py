"""Acts on checks: plan look-backs, draw, assign, write the sheet, reopen on what was found."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.findings.models import Finding, InspectionRound, Stage
from zhenggai.kit.drawing import ALGORITHM, draw, read_members
from zhenggai.kit.errors import NotFound
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind
from zhenggai.oversight import codes
from zhenggai.oversight.errors import BadValue, CannotReopen, CheckNotOpen, NothingToDraw, OwnWork, TextMissing
from zhenggai.oversight.models import Check, CheckContact, CheckEvidence, CheckItem, CheckOutcome, Draw, Strata
from zhenggai.oversight.posts import holders_of, receivers_of, seat_of
from zhenggai.oversight.queries.checks import (
    CHECKED_AGAIN,
    INSPECT,
    REOPEN,
    access_check,
    gives_ground,
    newest_evidence,
    population_of,
)
from zhenggai.oversight.values import read_past_day, read_text
from zhenggai.people.access import Actor, may, require
from zhenggai.people.models import User
from zhenggai.policy.queries import work_calendar
from zhenggai.workflow import actions as loop
from zhenggai.workflow.models import CloseOut
from zhenggai.workflow.queries import course_of, doers_of

MOST_DRAWN = 500


@dataclass(frozen=True, slots=True)
class LineWrite:
    """One judged line of the sheet."""

    text: str
    """What was looked at."""
    verdict: str
    """``ok not_ok not_applicable``."""
    note: str = ""
    """What was seen."""


@dataclass(frozen=True, slots=True)
class SeenWrite:
    """A piece of evidence the checker looked at."""

    version_id: int
    """Id of the version."""
    is_sound: bool
    """Whether it proves what it is said to prove."""
    note: str = ""
    """What was seen."""


@dataclass(frozen=True, slots=True)
class ContactWrite:
    """Somebody who was asked."""

    name: str
    """Name."""
    answer: str
    """``confirms denies unknown``."""
    how: str
    """How the person was reached."""
    relation: str = ""
    """How the person stands to the matter."""
    note: str = ""
    """More of it."""


def plan_look_backs(*, actor: Actor, round_: InspectionRound | None = None) -> int:
    """Plan the look-backs that the rules ask for after each standing close-out; return how many are new.

    Each close-out gets each step once: a constraint of the database holds it.
    """
    calendar = work_calendar()
    standing = CloseOut.objects.filter(revoked_at__isnull=True, finding__withdrawn_at__isnull=True)
    rounds = InspectionRound.objects.filter(closed_on__isnull=True, findings__close_outs__in=standing).distinct()
    if round_ is not None:
        rounds = rounds.filter(pk=round_.pk)
    count = 0
    for each in rounds.select_related("unit").order_by("pk"):
        policy = course_of(each).policy
        with transaction.atomic():
            mine = standing.filter(finding__round=each).select_related("finding").order_by("pk")
            have = set(
                Check.objects.filter(close_out__in=mine, after_days__isnull=False).values_list(
                    "close_out_id", "after_days"
                )
            )
            new = []
            for close_out in mine:
                for days in policy.look_back_after_days:
                    if (close_out.pk, days) in have:
                        continue
                    due = close_out.closed_on + timedelta(days=days)
                    due = calendar.on_or_after(due) if policy.roll_over_holidays else due
                    new.append(
                        Check(
                            kind=Check.Kind.LOOK_BACK, finding=close_out.finding, close_out=close_out,
                            after_days=days, due_on=due,
                        )
                    )  # fmt: skip
            made = Check.objects.bulk_create(new, ignore_conflicts=True)
            count += len(made)
            if made:
                data = {"look_backs": len(made), "round": each.name}
                record(
                    actor=actor, code=codes.CHECK_PLANNED, object_type="round", object_id=each.pk,
                    object_label=each.name, data=data,
                )  # fmt: skip
    return count


def cancel_overtaken(*, actor: Actor) -> int:
    """Cancel the checks still to be done of what is at work again or off the ledger; return how many."""
    planned = Check.objects.filter(state=Check.State.PLANNED)
    overtaken = planned.exclude(finding__stage__in=CHECKED_AGAIN) | planned.filter(finding__withdrawn_at__isnull=False)
    overtaken |= planned.filter(close_out__revoked_at__isnull=False)
    count = 0
    with transaction.atomic():
        keys = list(overtaken.order_by("pk").values_list("pk", flat=True).distinct())
        for check in Check.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related("finding"):
            _cancel(check, _now("问题已重新整改或撤下"), actor)
            count += 1
    return count


def plan_check(finding: Finding, *, actor: Actor, due_on: date) -> Check:
    """Plan a look-back of one finding on a day of one's choice.

    Raises:
        NotAllowed: the actor inspects nothing there.
        CheckNotOpen: the finding is at work, so there is nothing to look back at.
    """
    with transaction.atomic():
        require(actor, INSPECT, finding.round.unit)
        found = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
        if found.stage not in CHECKED_AGAIN or found.withdrawn_at is not None:
            raise CheckNotOpen(title=found.title, state=Stage(found.stage).label, move=_now("回头看"))
        close_out = found.close_outs.filter(revoked_at__isnull=True).first()
        check = Check.objects.create(kind=Check.Kind.LOOK_BACK, finding=found, close_out=close_out, due_on=due_on)
        _tell(actor, codes.CHECK_PLANNED, check, due_on=due_on.isoformat())
    return check


def draw_checks(
    round_: InspectionRound,
    *,
    actor: Actor,
    stages: Sequence[str],
    strata: str = Strata.NONE,
    size: int | None = None,
    rate_percent: int | None = None,
    due_on: date,
    seed: str = "",
    note: str = "",
) -> Draw:
    """Draw findings of a round for spot checks, by a recorded seed, and plan the checks.

    Args:
        round_: the round.
        actor: who draws.
        stages: any of closed, phased and long_term.
        strata: how the population is parted.
        size: how many over all parts; or
        rate_percent: what share of each part.
        due_on: until when they are to be checked.
        seed: a seed given from outside, e.g. drawn by lot before witnesses; one is made when empty.
        note: what the draw is for.

    Raises:
        NotAllowed: the actor inspects nothing there.
        NothingToDraw: the population is empty, or size and rate make no sense.
        BadValue: a choice is none.
    """
    chosen = _stages(stages)
    if strata not in Strata.values:
        raise BadValue(label=_now("分层"), value=strata[:20], reason=_now("没有这一种"))
    _check_amount(size, rate_percent)
    words = read_text(note, _now("说明"), most=300)
    given = read_text(seed, _now("种子"), most=64)
    with transaction.atomic():
        require(actor, INSPECT, round_.unit)
        InspectionRound.objects.select_for_update().get(pk=round_.pk)
        population = population_of(round_, chosen, strata)
        if not population:
            raise NothingToDraw(reason=_now("范围内没有问题"))
        seed = given or secrets.token_hex(16)
        ids = draw(read_members(population), seed=seed, size=size, rate_percent=rate_percent)
        if len(ids) > MOST_DRAWN:
            raise NothingToDraw(reason=_now("一次最多抽取 %(most)s 项") % {"most": MOST_DRAWN})
        made = Draw.objects.create(
            body=round_.unit, round=round_, stages=chosen, strata=strata, size=size, rate_percent=rate_percent,
            seed=seed, algorithm=ALGORITHM, population=population, drawn=ids, note=words,
            drawn_by=actor if isinstance(actor, User) else None,
        )  # fmt: skip
        _plan_drawn(made, due_on)
        data = {"seed": seed, "algorithm": ALGORITHM, "population": len(population), "drawn": ids}
        record(
            actor=actor, code=codes.DRAWN, object_type="draw", object_id=made.pk, object_label=round_.name, data=data
        )
        title = _now("抽取 %(count)s 项待抽查") % {"count": len(ids)}
        people = holders_of(INSPECT, round_.unit)
        notify(people, actor=actor, kind=Kind.CHECK, title=title, path=f"/draws/{made.pk}/", key=f"draw:{made.pk}")
    return made


def assign_check(check: Check, checker: User | None, *, actor: Actor) -> Check:
    """Say who is to do a check, or that anybody may who inspects.

    Raises:
        NotFound, NotAllowed, CheckNotOpen: it may not be assigned.
        OwnWork: that person took part in the work.
        BadValue: that person inspects nothing there.
    """
    with transaction.atomic():
        found = _lock(check, actor, _now("指定核查人"))
        unit = found.finding.round.unit
        if checker is not None:
            if checker.pk in doers_of(found.finding):
                raise OwnWork(title=found.finding.title, who=checker.name)
            if not may(checker, INSPECT, unit):
                raise BadValue(label=_now("核查人"), value=checker.name, reason=_now("没有核查权限"))
        found.checker = checker
        found.save(update_fields=["checker"])
        _tell(actor, codes.CHECK_ASSIGNED, found, checker=checker.name if checker else "")
        if checker is not None:
            title = _now("请核查：%(title)s") % {"title": found.finding.title[:80]}
            path = f"/checks/{found.pk}/"
            notify([checker], actor=actor, kind=Kind.CHECK, title=title, path=path, key=f"check:{found.pk}")
    return found


def record_check(
    check: Check,
    *,
    actor: User,
    outcome: str,
    summary: str,
    done_on: object,
    lines: Sequence[LineWrite],
    seen: Sequence[SeenWrite] = (),
    contacts: Sequence[ContactWrite] = (),
) -> Check:
    """Write the sheet of a check and what it found.

    Raises:
        NotFound, NotAllowed, CheckNotOpen: it may not be written.
        OwnWork: the checker, or the one they act for, took part in the work.
        TextMissing, BadValue: something is missing, or contradicts what was found.
    """
    words = read_text(summary, _now("核查情况"), most=10_000, required=True)
    day = read_past_day(done_on, _now("核查日期"), timezone.localdate())
    if outcome not in CheckOutcome.values:
        raise TextMissing(label=_now("核查结论"))
    _check_lines(lines, seen, contacts, outcome)
    with transaction.atomic():
        found = _lock(check, actor, _now("登记核查结论"))
        finding, doers = found.finding, doers_of(found.finding)
        if seat_of(actor, INSPECT, finding.round.unit, doers) is None:
            raise OwnWork(title=finding.title, who=actor.name)
        versions = {version.pk: version for version in newest_evidence(finding)}
        if any(each.version_id not in versions for each in seen):
            raise NotFound
        found.state, found.outcome, found.summary = Check.State.DONE, outcome, words
        found.done_on, found.done_by, found.done_at = day, actor, timezone.now()
        found.save(update_fields=["state", "outcome", "summary", "done_on", "done_by", "done_at"])
        _write_sheet(found, actor, lines, seen, contacts)
        # Whom the checker asked is nobody's business in the trail: only how many.
        data = {"outcome": outcome, "lines": len(lines), "evidence": len(seen), "contacts": len(contacts)}
        _tell(actor, codes.CHECK_DONE, found, **data)
        if outcome != CheckOutcome.CONSOLIDATED:
            _warn(found, actor)
    return found


def cancel_check(check: Check, *, actor: Actor, why: str) -> Check:
    """Cancel a check that is still to be done, for a reason.

    Raises:
        NotFound, NotAllowed, CheckNotOpen: it may not be cancelled.
        TextMissing: no reason is given.
    """
    reason = read_text(why, _now("取消原因"), most=300, required=True)
    with transaction.atomic():
        found = _lock(check, actor, _now("取消"))
        _cancel(found, reason, actor)
    return found


def reopen_checked(check: Check, *, actor: Actor, motive: str, due_on: date | None = None) -> Check:
    """Reopen the finding of a check that found a rebound or a fake; the check keeps that it did.

    Raises:
        NotFound, NotAllowed: the finding is out of reach.
        CannotReopen: the check found nothing of the kind, or the finding is at work already.
        TextMissing: the motive or a new deadline is missing.
    """
    words = read_text(motive, _now("重新整改理由"), most=4000, required=True)
    with transaction.atomic():
        shown = access_check(actor, check.pk, REOPEN)
        found = Check.objects.select_for_update(of=("self",)).select_related("finding__round__unit").get(pk=shown.pk)
        finding = found.finding
        if not gives_ground(found):
            raise CannotReopen(title=finding.title, reason=_why_not(found))
        close_out = finding.close_outs.filter(revoked_at__isnull=True).first()
        if finding.stage == Stage.CLOSED:
            if close_out is None:
                raise CannotReopen(title=finding.title, reason=_now("没有有效的销号记录"))
            loop.revoke_close_out(close_out, actor=actor, motive=words, due_on=due_on)
        else:
            loop.reopen(finding, actor=actor, why=words, due_on=due_on)
        found.reopened_at, found.motive = timezone.now(), words
        found.reopened_by = actor if isinstance(actor, User) else None
        found.save(update_fields=["reopened_at", "motive", "reopened_by"])
        _tell(actor, codes.CHECK_REOPENED, found, outcome=found.outcome, motive=words[:300])
        others = finding.checks.select_for_update(of=("self",)).filter(state=Check.State.PLANNED)
        for other in others.select_related("finding"):
            _cancel(other, _now("问题已重新整改"), actor)
    return found


def _lock(check: Check, actor: Actor, move: str) -> Check:
    shown = access_check(actor, check.pk, INSPECT)
    related = ("finding__round__unit", "finding__department", "finding__unit", "finding__leader")
    found = Check.objects.select_for_update(of=("self",)).select_related(*related).get(pk=shown.pk)
    if found.state != Check.State.PLANNED:
        raise CheckNotOpen(title=found.finding.title, state=found.get_state_display(), move=move)
    return found


def _cancel(check: Check, why: str, actor: Actor) -> None:
    check.state, check.cancelled_why = Check.State.CANCELLED, why
    check.save(update_fields=["state", "cancelled_why"])
    _tell(actor, codes.CHECK_CANCELLED, check, why=why)


def _stages(stages: Iterable[str]) -> list[str]:
    chosen = [stage.value for stage in CHECKED_AGAIN if stage.value in set(stages)]
    if not chosen:
        raise BadValue(label=_now("抽查范围"), value="", reason=_now("至少选择一种"))
    return chosen


def _check_amount(size: int | None, rate_percent: int | None) -> None:
    if (size is None) == (rate_percent is None):
        raise NothingToDraw(reason=_now("数量和比例须填且只填一个"))
    if size is not None and not 1 <= size <= MOST_DRAWN:
        raise NothingToDraw(reason=_now("数量应为 1 至 %(most)s") % {"most": MOST_DRAWN})
    if rate_percent is not None and not 1 <= rate_percent <= 100:
        raise NothingToDraw(reason=_now("比例应为 1 至 100"))


def _plan_drawn(made: Draw, due_on: date) -> None:
    findings = {str(each.stable_id): each for each in Finding.objects.filter(stable_id__in=made.drawn)}
    close_outs = {
        each.finding_id: each
        for each in CloseOut.objects.filter(finding__in=list(findings.values()), revoked_at__isnull=True)
    }
    Check.objects.bulk_create(
        Check(
            kind=Check.Kind.SPOT_CHECK, finding=findings[key], close_out=close_outs.get(findings[key].pk),
            draw=made, due_on=due_on,
        )
        for key in made.drawn
    )  # fmt: skip


def _check_lines(
    lines: Sequence[LineWrite], seen: Sequence[SeenWrite], contacts: Sequence[ContactWrite], outcome: str
) -> None:
    for line in lines:
        if line.verdict not in CheckItem.Verdict.values:
            raise TextMissing(label=line.text)
    for contact in contacts:
        if contact.answer not in CheckContact.Answer.values:
            raise TextMissing(label=_now("当事人答复"))
    against = (
        any(line.verdict == CheckItem.Verdict.NOT_OK for line in lines)
        or any(not each.is_sound for each in seen)
        or any(contact.answer == CheckContact.Answer.DENIES for contact in contacts)
    )
    if outcome == CheckOutcome.CONSOLIDATED and against:
        label = CheckOutcome.CONSOLIDATED.label
        reason = _now("核查表中有不符合、不能证明或者不属实的记录")
        raise BadValue(label=_now("核查结论"), value=label, reason=reason)
    if outcome != CheckOutcome.CONSOLIDATED and not against:
        label = CheckOutcome(outcome).label
        reason = _now("核查表、佐证和当事人中没有一处不符合的记录")
        raise BadValue(label=_now("核查结论"), value=label, reason=reason)


def _write_sheet(
    check: Check,
    actor: User,
    lines: Sequence[LineWrite],
    seen: Sequence[SeenWrite],
    contacts: Sequence[ContactWrite],
) -> None:
    CheckItem.objects.bulk_create(
        CheckItem(of_check=check, order=order, text=each.text[:300], verdict=each.verdict, note=each.note.strip()[:500])
        for order, each in enumerate(lines, start=1)
    )
    CheckEvidence.objects.bulk_create(
        CheckEvidence(of_check=check, version_id=each.version_id, is_sound=each.is_sound, note=each.note.strip()[:500])
        for each in seen
    )
    CheckContact.objects.bulk_create(
        CheckContact(
            of_check=check, by=actor, answer=each.answer,
            name=read_text(each.name, _now("当事人姓名"), most=60, required=True),
            how=read_text(each.how, _now("联系方式"), most=120, required=True),
            relation=read_text(each.relation, _now("与事项的关系"), most=120),
            note=read_text(each.note, _now("当事人答复"), most=500),
        )
        for each in contacts
    )  # fmt: skip


def _warn(check: Check, actor: Actor) -> None:
    finding = check.finding
    people = holders_of(REOPEN, finding.round.unit)
    people += receivers_of([finding.department or finding.unit])
    if finding.leader is not None:
        people.append(finding.leader)
    label = CheckOutcome(check.outcome).label
    title = _now("核查结论“%(outcome)s”：%(title)s") % {"outcome": label, "title": finding.title[:80]}
    notify(people, actor=actor, kind=Kind.CHECK, title=title, path=f"/checks/{check.pk}/", key=f"checked:{check.pk}")


def _why_not(check: Check) -> str:
    if check.reopened_at is not None:
        return _now("已据本次核查重新整改")
    if check.state != Check.State.DONE or check.outcome == CheckOutcome.CONSOLIDATED:
        return _now("核查结论不是反弹或者虚假")
    return _now("问题现为“%(stage)s”") % {"stage": Stage(check.finding.stage).label}


def _tell(actor: Actor, code: str, check: Check, **data: object) -> None:
    record(
        actor=actor,
        code=code,
        object_type="check",
        object_id=check.pk,
        object_label=check.finding.title,
        data={"kind": check.kind, "finding": check.finding_id, **data},
    )
