"""Evaluations with their sums, and surveys with their arithmetic. Units are never put in an order by score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from zhenggai.findings.models import Finding
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.oversight.models import Discrepancy, Evaluation, ScoreSheet, Survey
from zhenggai.oversight.posts import acted_for
from zhenggai.oversight.queries.letters import VIEW, bodies_of
from zhenggai.oversight.satisfaction import Formula, Result, compute, parse_formula
from zhenggai.oversight.scoring import Item, Scheme, Score, parse_scheme, score
from zhenggai.people.access import Actor, current_posts, may, reach
from zhenggai.people.models import Unit
from zhenggai.workflow.queries import doers_of_many

EVALUATE = "oversight.evaluate"


def visible_evaluations(actor: Actor) -> QuerySet[Evaluation]:
    """Return the evaluations of the bodies the actor oversees, newest first."""
    return Evaluation.objects.filter(bodies_of(reach(actor, VIEW), "body")).select_related("subject", "round", "body")


def access_evaluation(actor: Actor, key: int, permission: str = VIEW) -> Evaluation:
    """Return one evaluation.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    found = visible_evaluations(actor).select_related("opened_by", "closed_by").filter(pk=key).first()
    if found is None:
        raise NotFound
    if permission != VIEW and not may(actor, permission, found.body):
        raise NotAllowed(permission=permission)
    return found


def visible_surveys(actor: Actor) -> QuerySet[Survey]:
    """Return the surveys of the bodies the actor oversees, newest first."""
    return Survey.objects.filter(bodies_of(reach(actor, VIEW), "body")).select_related("round", "body", "recorded_by")


def access_survey(actor: Actor, key: int, permission: str = VIEW) -> Survey:
    """Return one survey.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    found = visible_surveys(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    if permission != VIEW and not may(actor, permission, found.body):
        raise NotAllowed(permission=permission)
    return found


def findings_of(evaluation: Evaluation) -> QuerySet[Finding]:
    """Return the findings that an evaluation is about: those of its subject in its round."""
    found = Finding.objects.filter(round=evaluation.round, withdrawn_at__isnull=True)
    if evaluation.subject.kind == Unit.Kind.DEPARTMENT:
        return found.filter(department=evaluation.subject)
    if evaluation.subject_id != evaluation.body_id:
        return found.filter(unit=evaluation.subject)
    return found


def is_involved(actor: Actor, evaluation: Evaluation) -> bool:
    """Tell whether *actor* answers for what is evaluated: by a post in a subject that is not the whole body, or by work."""
    stands_as = acted_for(actor)
    if evaluation.subject_id != evaluation.body_id:
        posts = current_posts().filter(user__in=stands_as, unit__path__startswith=evaluation.subject.path)
        if posts.exists():
            return True
    doers = doers_of_many(findings_of(evaluation).values_list("pk", flat=True))
    return any(stands_as & people for people in doers.values())


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of the scheme with the marks of all judges."""

    item: Item
    """The line."""
    reached: Decimal | None
    """Points reached on average; None while nobody has marked."""
    points: tuple[str, ...]
    """What each judge took off or gave, as written."""
    comments: tuple[str, ...]
    """What the judges said about it, with their names."""


@dataclass(frozen=True, slots=True)
class EvaluationPage:
    """All that the page of an evaluation shows."""

    evaluation: Evaluation
    """The evaluation."""
    scheme: Scheme
    """How it is scored."""
    sheets: tuple[ScoreSheet, ...]
    """The marks that were handed in."""
    rows: tuple[tuple[str, tuple[ItemRow, ...]], ...]
    """Lines under the names of their parts."""
    score: Score | None
    """What the marks come to; None while there are none."""
    discrepancies: tuple[Discrepancy, ...]
    """Places where the report says other than the facts, those withdrawn left away."""
    mine: Mapping[str, Mapping[str, str]]
    """The reader's own marks."""
    my_comment: str
    """The reader's own comment."""
    may_judge: bool
    """Whether the reader may hand in marks."""
    is_involved: bool
    """Whether the reader answers for what is evaluated."""
    may_close: bool
    """Whether the reader may close or withdraw it."""


def evaluation_page(actor: Actor, evaluation: Evaluation) -> EvaluationPage:
    """Return all that the page of an evaluation shows; a fixed number of queries."""
    scheme = parse_scheme(evaluation.scheme)
    sheets = tuple(evaluation.sheets.select_related("judge"))
    found = tuple(evaluation.discrepancies.filter(withdrawn_at__isnull=True).select_related("finding", "by"))
    sums = score(scheme, [marks_of(sheet) for sheet in sheets], len(found)) if sheets else None
    open_ = evaluation.state == Evaluation.State.OPEN
    evaluates = open_ and may(actor, EVALUATE, evaluation.body)
    involved = evaluates and is_involved(actor, evaluation)
    own = next((sheet for sheet in sheets if sheet.judge_id == actor.pk), None)
    # While marks are still taken a judge sees only their own, so that none follows another.
    shown = sheets if not open_ else tuple(sheet for sheet in sheets if sheet.judge_id == actor.pk)
    return EvaluationPage(
        evaluation,
        scheme,
        sheets,
        tuple(
            (name, tuple(_row(item, shown, sums if not open_ else None) for item in items))
            for name, items in scheme.parts
        ),
        sums if not open_ else None,
        found,
        own.marks if own else {},
        own.comment if own else "",
        evaluates and not involved,
        involved,
        evaluates,
    )


def _row(item: Item, sheets: Sequence[ScoreSheet], sums: Score | None) -> ItemRow:
    marks = [(sheet.judge.name, sheet.marks.get(item.code, {})) for sheet in sheets]
    comments = tuple(f"{name}：{mark['comment']}" for name, mark in marks if mark.get("comment"))
    return ItemRow(
        item,
        sums.by_item[item.code].quantize(Decimal("0.01")) if sums else None,
        tuple(str(mark.get("points", "0")) for _name, mark in marks),
        comments,
    )


def marks_of(sheet: ScoreSheet) -> dict[str, Decimal]:
    """Return the points of a sheet as numbers."""
    return {code: Decimal(str(mark.get("points") or "0")) for code, mark in sheet.marks.items()}


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A survey with what it comes to."""

    survey: Survey
    """The survey."""
    formula: Formula
    """How it is computed."""
    result: Result
    """What it comes to."""

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The answers with how many gave them."""
        return [(option.label, self.survey.counts.get(option.code, 0)) for option in self.formula.options]


def survey_row(survey: Survey) -> SurveyRow:
    """Return a survey with what it comes to."""
    formula = parse_formula(survey.formula)
    result = compute(formula, survey.counts, issued=survey.issued, returned=survey.returned)
    return SurveyRow(survey, formula, result)
