"""Acts on evaluations and surveys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.kit.errors import NotFound
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind
from zhenggai.oversight import codes
from zhenggai.oversight.errors import BadValue, EvaluationNotOpen, EvaluationUnscored, JudgeInvolved
from zhenggai.oversight.models import Discrepancy, Evaluation, ScoreSheet, Survey
from zhenggai.oversight.posts import holders_of
from zhenggai.oversight.queries.evaluations import (
    EVALUATE,
    access_evaluation,
    access_survey,
    findings_of,
    is_involved,
    marks_of,
)
from zhenggai.oversight.satisfaction import parse_formula, shipped_formula_values
from zhenggai.oversight.scoring import Item, parse_scheme, score, shipped_values
from zhenggai.oversight.values import read_count, read_past_day, read_text
from zhenggai.people.access import Actor, require
from zhenggai.people.models import Unit, User


@dataclass(frozen=True, slots=True)
class MarkWrite:
    """A judge's mark for one line."""

    points: str
    """Points taken off or given, as typed; empty for none."""
    comment: str = ""
    """Why."""


def open_evaluation(
    round_: InspectionRound, subject: Unit, *, actor: Actor, scheme: str, title: str = ""
) -> Evaluation:
    """Open an evaluation of a body's round, or of one department or unit in it, by a scheme that is kept with it.

    Raises:
        NotAllowed: the actor evaluates nothing there.
        NotFound: the subject stands outside the body.
        BadValue: there is no such scheme.
    """
    body = round_.unit
    require(actor, EVALUATE, body)
    if not subject.path.startswith(body.path):
        raise NotFound
    values = shipped_values(scheme)
    if values is None:
        raise BadValue(label=_now("评分方案"), value=scheme[:20], reason=_now("没有这一种"))
    parse_scheme(values)
    default = _now("%(unit)s整改评估") % {"unit": subject.name}
    words = read_text(title, _now("评估名称"), most=200) or default
    with transaction.atomic():
        made = Evaluation.objects.create(
            body=body, subject=subject, round=round_, title=words, scheme=values, scheme_code=scheme,
            opened_by=actor if isinstance(actor, User) else None,
        )  # fmt: skip
        _tell(actor, codes.EVALUATION_OPENED, made, scheme=scheme, subject=subject.name)
        title = _now("请评分：%(title)s") % {"title": made.title}
        path = f"/evaluations/{made.pk}/"
        people = holders_of(EVALUATE, body)
        notify(people, actor=actor, kind=Kind.CHECK, title=title, path=path, key=f"evaluation:{made.pk}")
    return made


def submit_marks(
    evaluation: Evaluation, marks: Mapping[str, MarkWrite], *, actor: User, comment: str = ""
) -> ScoreSheet:
    """Hand in a judge's marks; they may be handed in again until the evaluation is closed.

    Raises:
        NotFound, NotAllowed, EvaluationNotOpen: no marks are taken.
        JudgeInvolved: the judge answers for what is evaluated.
        BadValue: points are out of bounds, or a deduction has no reason.
    """
    words = read_text(comment, _now("总体评语"), most=5000)
    with transaction.atomic():
        found = _lock(evaluation, actor, _now("评分"))
        if is_involved(actor, found):
            raise JudgeInvolved(name=actor.name, title=found.title)
        scheme = parse_scheme(found.scheme)
        kept = {item.code: _mark(item, marks.get(item.code), scheme.mode) for item in scheme.items}
        sheet, _new = ScoreSheet.objects.update_or_create(
            evaluation=found,
            judge=actor,
            defaults={"marks": kept, "comment": words, "submitted_at": timezone.now()},
        )
        _tell(actor, codes.EVALUATION_SCORED, found, marks={code: mark["points"] for code, mark in kept.items()})
    return sheet


def add_discrepancy(evaluation: Evaluation, *, actor: User, text: str, finding: Finding | None = None) -> Discrepancy:
    """Note a place where the report says other than the facts.

    Raises:
        NotFound, NotAllowed, EvaluationNotOpen: it may not be noted, or the finding is none of the evaluation's.
        TextMissing: it says nothing.
    """
    words = read_text(text, _now("不符之处"), most=500, required=True)
    with transaction.atomic():
        found = _lock(evaluation, actor, _now("登记不符之处"))
        if finding is not None and not findings_of(found).filter(pk=finding.pk).exists():
            raise NotFound
        made = Discrepancy.objects.create(evaluation=found, finding=finding, text=words, by=actor)
        _tell(actor, codes.DISCREPANCY_FOUND, found, text=words)
    return made


def withdraw_discrepancy(discrepancy: Discrepancy, *, actor: User) -> Discrepancy:
    """Take back that the report says other than the facts in a place.

    Raises:
        NotFound, NotAllowed, EvaluationNotOpen: it may not be taken back.
    """
    with transaction.atomic():
        found = _lock(discrepancy.evaluation, actor, _now("撤销不符之处"))
        mine = found.discrepancies.select_for_update().filter(pk=discrepancy.pk, withdrawn_at__isnull=True).first()
        if mine is None:
            raise NotFound
        mine.withdrawn_at = timezone.now()
        mine.save(update_fields=["withdrawn_at"])
        _tell(actor, codes.DISCREPANCY_WITHDRAWN, found, text=mine.text)
    return mine


def close_evaluation(evaluation: Evaluation, *, actor: Actor, comment: str) -> Evaluation:
    """Close an evaluation: its score and grade are computed and frozen.

    Raises:
        NotFound, NotAllowed, EvaluationNotOpen: it may not be closed.
        EvaluationUnscored: too few judges have handed in marks.
        TextMissing: there is no comment.
    """
    words = read_text(comment, _now("评估意见"), most=5000, required=True)
    with transaction.atomic():
        found = _lock(evaluation, actor, _now("定评"))
        scheme = parse_scheme(found.scheme)
        sheets = [marks_of(sheet) for sheet in found.sheets.all()]
        if len(sheets) < max(1, scheme.least_judges):
            raise EvaluationUnscored(title=found.title, count=len(sheets), least=max(1, scheme.least_judges))
        contradictions = found.discrepancies.filter(withdrawn_at__isnull=True).count()
        sums = score(scheme, sheets, contradictions)
        found.state, found.comment, found.closed_at = Evaluation.State.CLOSED, words, timezone.now()
        found.score, found.grade, found.is_vetoed = sums.total, sums.grade, sums.is_vetoed
        found.closed_by = actor if isinstance(actor, User) else None
        found.save(update_fields=["state", "comment", "closed_at", "score", "grade", "is_vetoed", "closed_by"])
        told = {"score": str(sums.total), "grade": sums.grade, "vetoed": sums.is_vetoed, "judges": len(sheets)}
        _tell(actor, codes.EVALUATION_CLOSED, found, discrepancies=contradictions, **told)
    return found


def withdraw_evaluation(evaluation: Evaluation, *, actor: Actor, why: str) -> Evaluation:
    """Withdraw an evaluation that was opened by mistake.

    Raises:
        NotFound, NotAllowed, EvaluationNotOpen: it may not be withdrawn.
        TextMissing: no reason is given.
    """
    reason = read_text(why, _now("撤销原因"), most=500, required=True)
    with transaction.atomic():
        found = _lock(evaluation, actor, _now("撤销"))
        found.state, found.comment, found.closed_at = Evaluation.State.WITHDRAWN, reason, timezone.now()
        found.closed_by = actor if isinstance(actor, User) else None
        found.save(update_fields=["state", "comment", "closed_at", "closed_by"])
        _tell(actor, codes.EVALUATION_WITHDRAWN, found, why=reason)
    return found


def record_survey(
    round_: InspectionRound,
    *,
    actor: Actor,
    formula: str,
    title: str,
    held_on: object,
    issued: object,
    returned: object,
    invalid: object,
    counts: Mapping[str, object],
    note: str = "",
) -> Survey:
    """Record a survey as counted; the counts must come to the sheets.

    Raises:
        NotAllowed: the actor evaluates nothing there.
        TextMissing, BadValue: a value is missing, or the counts do not come to the sheets.
    """
    require(actor, EVALUATE, round_.unit)
    values = shipped_formula_values(formula)
    if values is None:
        raise BadValue(label=_now("测评公式"), value=formula[:20], reason=_now("没有这一种"))
    parsed = parse_formula(values)
    words = read_text(title, _now("测评名称"), most=200, required=True)
    day = read_past_day(held_on, _now("测评日期"), timezone.localdate())
    out, back = read_count(issued, _now("发出票数")), read_count(returned, _now("收回票数"))
    bad = read_count(invalid if str(invalid or "").strip() else 0, _now("无效票数"))
    kept = {
        option.code: read_count(
            counts.get(option.code) if str(counts.get(option.code) or "").strip() else 0, option.label
        )
        for option in parsed.options
    }
    if back > out:
        raise BadValue(label=_now("收回票数"), value=str(back), reason=_now("多于发出票数"))
    if sum(kept.values()) + bad != back:
        reason = _now("各选项票数 %(counted)s 与无效票 %(invalid)s 之和，不等于收回票数") % {
            "counted": sum(kept.values()),
            "invalid": bad,
        }
        raise BadValue(label=_now("收回票数"), value=str(back), reason=reason)
    with transaction.atomic():
        made = Survey.objects.create(
            body=round_.unit, round=round_, title=words, held_on=day, formula=values, formula_code=formula, issued=out,
            returned=back, invalid=bad, counts=kept, note=read_text(note, _now("说明"), most=300),
            recorded_by=actor if isinstance(actor, User) else None,
        )  # fmt: skip
        _tell_survey(actor, codes.SURVEY_RECORDED, made, counts=kept, issued=out, returned=back, invalid=bad)
    return made


def withdraw_survey(survey: Survey, *, actor: Actor, why: str) -> Survey:
    """Withdraw a survey that was recorded wrongly.

    Raises:
        NotFound, NotAllowed: it is out of reach.
        TextMissing: no reason is given.
        BadValue: it was withdrawn already.
    """
    reason = read_text(why, _now("撤销原因"), most=300, required=True)
    with transaction.atomic():
        shown = access_survey(actor, survey.pk, EVALUATE)
        found = Survey.objects.select_for_update(of=("self",)).get(pk=shown.pk)
        if found.withdrawn_at is not None:
            raise BadValue(label=_now("满意度测评"), value=found.title, reason=_now("已经撤销"))
        found.withdrawn_at, found.withdrawn_why = timezone.now(), reason
        found.save(update_fields=["withdrawn_at", "withdrawn_why"])
        _tell_survey(actor, codes.SURVEY_WITHDRAWN, found, why=reason)
    return found


def _lock(evaluation: Evaluation, actor: Actor, move: str) -> Evaluation:
    shown = access_evaluation(actor, evaluation.pk, EVALUATE)
    related = ("body", "subject", "round")
    found = Evaluation.objects.select_for_update(of=("self",)).select_related(*related).get(pk=shown.pk)
    if found.state != Evaluation.State.OPEN:
        raise EvaluationNotOpen(title=found.title, state=found.get_state_display(), move=move)
    return found


def _mark(item: Item, given: MarkWrite | None, mode: str) -> dict[str, str]:
    typed = (given.points if given else "").strip()
    comment = read_text(given.comment if given else "", item.text, most=500)
    try:
        points = Decimal(typed or "0")
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or not 0 <= points <= item.most or points != points.quantize(Decimal("0.01")):
        reason = _now("应为 0 至 %(most)s，最多两位小数") % {"most": str(item.most)}
        raise BadValue(label=item.text, value=typed[:20], reason=reason)
    if mode == "deduction" and points and not comment:
        raise BadValue(label=item.text, value=typed[:20], reason=_now("减分须写明理由"))
    return {"points": format(points.normalize(), "f"), "comment": comment}


def _tell(actor: Actor, code: str, evaluation: Evaluation, **data: object) -> None:
    record(
        actor=actor,
        code=code,
        object_type="evaluation",
        object_id=evaluation.pk,
        object_label=evaluation.title,
        data=data,
    )


def _tell_survey(actor: Actor, code: str, survey: Survey, **data: object) -> None:
    record(actor=actor, code=code, object_type="survey", object_id=survey.pk, object_label=survey.title, data=data)
