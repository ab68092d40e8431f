"""The one standing of each finding as the genre knows it: every finding has exactly one, so that they sum up.

A stage of the loop and a deadline come in, a standing goes out: once as Python, once as SQL, from the same table of
bands.  Whether a finding is late is also told beside the other standings (``is_late``), but counts only here.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Case, CharField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.lateness import Line
from zhenggai.findings.models import Finding, Stage, Status


class Standing(models.TextChoices):
    """How a finding stands, in the order in which people list it."""

    COMPLETED = "completed", _("已完成")
    PHASED = "phased", _("阶段性完成")
    LONG_TERM = "long_term", _("长期坚持")
    IN_REVIEW = "in_review", _("审核中")
    ONGOING = "ongoing", _("正在整改")
    EXTENDED = "extended", _("延期办理")
    OVERDUE = "overdue", _("超期未完")
    RETURNED = "returned", _("退回补正")
    REOPENED = "reopened", _("重新整改")
    NOT_COMPLETED = "not_completed", _("未完成")
    UNKNOWN = "unknown", _("未说明")


_REGISTERED = Stage.REGISTERED


def _bands(line: Line) -> tuple[tuple[Standing, Q], ...]:
    """Return the standings with their conditions; the first that holds is the one."""
    stated = Q(stage=_REGISTERED)
    late = line.late()
    return (
        (Standing.COMPLETED, Q(stage=Stage.CLOSED) | (stated & Q(status=Status.COMPLETED))),
        (Standing.LONG_TERM, Q(stage=Stage.LONG_TERM) | (stated & Q(status=Status.LONG_TERM))),
        (Standing.IN_REVIEW, Q(stage=Stage.IN_REVIEW)),
        (Standing.RETURNED, Q(stage=Stage.RETURNED)),
        # Before what is late: a milestone that was missed takes nothing back of what was reached.
        (Standing.PHASED, Q(stage=Stage.PHASED) | (stated & Q(status=Status.PHASED))),
        (Standing.OVERDUE, late),
        (Standing.REOPENED, Q(stage=Stage.REOPENED)),
        (Standing.EXTENDED, Q(extensions__gt=0)),
        (Standing.ONGOING, Q(stage=Stage.WORKING) | Q(status=Status.ONGOING)),
        (Standing.NOT_COMPLETED, Q(status=Status.NOT_COMPLETED)),
    )


def standing_case(line: Line) -> Case:
    """Return the expression that gives the standing of each finding as of a day."""
    whens = [When(condition, then=Value(code.value)) for code, condition in _bands(line)]
    return Case(*whens, default=Value(Standing.UNKNOWN.value), output_field=CharField())


def standing_of(finding: Finding, line: Line) -> Standing:
    """Return the standing of *finding* as of a day; agrees with :func:`standing_case` row by row."""
    late = line.is_late(finding.due_on, finding.round_id)
    return standing_at(finding.stage, finding.status, finding.extensions, late=late)


def standing_at(stage: str, status: str, extensions: int, *, late: bool) -> Standing:
    """Return the standing that these values of a finding give."""
    stated = stage == Stage.REGISTERED
    bands = (
        (Standing.COMPLETED, stage == Stage.CLOSED or (stated and status == Status.COMPLETED)),
        (Standing.LONG_TERM, stage == Stage.LONG_TERM or (stated and status == Status.LONG_TERM)),
        (Standing.IN_REVIEW, stage == Stage.IN_REVIEW),
        (Standing.RETURNED, stage == Stage.RETURNED),
        (Standing.PHASED, stage == Stage.PHASED or (stated and status == Status.PHASED)),
        (Standing.OVERDUE, late),
        (Standing.REOPENED, stage == Stage.REOPENED),
        (Standing.EXTENDED, extensions > 0),
        (Standing.ONGOING, stage == Stage.WORKING or status == Status.ONGOING),
        (Standing.NOT_COMPLETED, status == Status.NOT_COMPLETED),
    )
    return next((code for code, holds in bands if holds), Standing.UNKNOWN)
