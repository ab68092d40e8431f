"""Evaluation of a rectification 整改评估 by a published scheme, and surveys of satisfaction 满意度测评."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.people.models import Unit, User


class Evaluation(models.Model):
    """One evaluation of a round, or of one unit in it."""

    class State(models.TextChoices):
        OPEN = "open", _("评分中")
        CLOSED = "closed", _("已定评")
        WITHDRAWN = "withdrawn", _("已撤销")

    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="evaluations")
    subject = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="evaluations_received")
    """The body itself, or the department or unit that is evaluated."""
    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, related_name="evaluations")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    scheme = models.JSONField()
    """The scheme as it stood when the evaluation was opened: see ``oversight.scoring.parse_scheme``."""
    scheme_code = models.CharField(max_length=40)
    score = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    is_vetoed = models.BooleanField(default=False)
    """Whether the report contradicted the facts so often that the score is nothing."""
    comment = models.TextField(blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.title


class ScoreSheet(models.Model):
    """The marks of one judge."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="sheets")
    judge = models.ForeignKey(User, on_delete=models.PROTECT, related_name="score_sheets")
    marks = models.JSONField(default=dict)
    """Item code → ``{"points": "3.5", "comment": …}``; points as text, so that nothing is rounded."""
    comment = models.TextField(blank=True)
    submitted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["evaluation", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["evaluation", "judge"], name="one_sheet_per_judge"),
        ]


class Discrepancy(models.Model):
    """A place where the report says other than the facts 报告与事实不符."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="discrepancies")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="discrepancies")
    text = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["evaluation", "id"]


class Survey(models.Model):
    """One survey of satisfaction, as counted."""

    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="surveys")
    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, related_name="surveys")
    title = models.CharField(max_length=200)
    held_on = models.DateField()
    formula = models.JSONField()
    """The formula as it stood then: see ``oversight.satisfaction.parse_formula``."""
    formula_code = models.CharField(max_length=40)
    issued = models.PositiveIntegerField()
    """Sheets handed out."""
    returned = models.PositiveIntegerField()
    """Sheets that came back."""
    invalid = models.PositiveIntegerField(default=0)
    """Those of them that do not count."""
    counts = models.JSONField()
    """Option code → number of valid sheets."""
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-held_on", "-id"]

    def __str__(self) -> str:
        return self.title
