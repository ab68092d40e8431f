"""Supervision visits 督导检查: what a department reported, what hinders it, what was concluded, what it is to do."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenggai.findings.models import InspectionRound
from zhenggai.people.models import Unit, User


class Visit(models.Model):
    """One visit to a department or unit."""

    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="supervision_visits")
    """The body whose rectification is supervised."""
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="visits_received")
    """The department or unit that was visited."""
    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")
    visited_on = models.DateField()
    visitors = models.CharField(max_length=200)
    """Who came, as people write it."""
    reported = models.TextField()
    """What the department reported."""
    difficulties = models.TextField(blank=True)
    """What hinders it."""
    conclusions = models.TextField(blank=True)
    """What the visitors concluded."""
    findings_total = models.PositiveIntegerField(default=0)
    """Findings the department led on that day; frozen."""
    findings_done = models.PositiveIntegerField(default=0)
    """Those completed on that day; frozen."""
    elapsed_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    """Share of the concentrated period that had passed; frozen, empty where the round has no such period."""
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-visited_on", "-id"]

    def __str__(self) -> str:
        return f"{self.visited_on:%Y-%m-%d} {self.department}"


class VisitTask(models.Model):
    """What a visit left to be done."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="tasks")
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="visit_tasks")
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_note = models.CharField(max_length=500, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["visit", "id"]

    def __str__(self) -> str:
        return self.text[:60]
