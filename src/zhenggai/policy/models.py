"""What an office decides about its own rounds: versions of its rules, and the days on which it works.

Only ``policy/actions.py`` writes here.  Versions are never changed: a change is a new version.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenggai.people.models import Unit, User


class PolicyProfile(models.Model):
    """One version of the rules of a body 规则参数."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="policy_profiles")
    """The body whose rounds may run by it."""
    version = models.PositiveIntegerField()
    """Counts from 1 within the body."""
    name = models.CharField(max_length=200)
    values = models.JSONField()
    """Plain values, see :func:`zhenggai.policy.profile.parse_policy`."""
    note = models.CharField(max_length=300, blank=True)
    """Why it was changed."""
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="written_policies"
    )
    """Empty when the operator at the server wrote it."""

    class Meta:
        ordering: ClassVar[list[str]] = ["unit", "-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "version"], name="policy_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class CalendarDay(models.Model):
    """A day that differs from the plain week: a holiday on a weekday, or work on a weekend."""

    day = models.DateField(unique=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=60, blank=True)
    """国庆节, 调休上班."""
    is_own = models.BooleanField(default=False)
    """Set by the office, not by the shipped calendar; a later shipped calendar leaves it alone."""

    class Meta:
        ordering: ClassVar[list[str]] = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class CalendarYear(models.Model):
    """A year whose holidays are known; before they are decreed a year counts as plain weeks and is said to."""

    year = models.PositiveSmallIntegerField(unique=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarChange(models.Model):
    """One change of a year of the work calendar by the office, with what stood there before, so that it can be undone."""

    year = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200)
    """What was changed, for the list of changes."""
    before = models.JSONField()
    """Whether the year was known, and each day that the change may touch: ``[day, is_workday, name, is_own]``."""
    scope = models.JSONField()
    """Days that the change may touch beyond those of the year."""
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Empty when the operator at the server did it."""
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.year} {self.words}"
