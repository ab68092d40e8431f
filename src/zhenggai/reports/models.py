"""Templates of papers in versions, and papers being made in the background.

Only ``reports/actions.py`` and ``reports/tasks.py`` write here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.files.models import StoredFile
from zhenggai.people.models import Unit, User


class Template(models.Model):
    """One version of an office's own template of a paper; none is ever deleted."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="report_templates")
    """The body it belongs to."""
    paper = models.CharField(max_length=20)
    """Code of the paper."""
    no = models.PositiveIntegerField()
    """Counts the versions of the body's template of this paper from 1."""
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="report_templates")
    name = models.CharField(max_length=200)
    """Name of the file as it was uploaded."""
    note = models.CharField(max_length=300, blank=True)
    """What it changes."""
    in_use = models.BooleanField(default=True)
    """Whether papers are made by it; where none is, the shipped one is used."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["unit", "paper", "-no"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "paper", "no"], name="report_template_no_once"),
            models.UniqueConstraint(
                fields=["unit", "paper"], condition=models.Q(in_use=True), name="one_report_template_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.no}"


class Making(models.Model):
    """A paper that takes a while, made in the background; its file is kept until it is cleared away."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        WORKING = "working", _("正在生成")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    class Form(models.TextChoices):
        DOCX = "docx", "Word"
        PDF = "pdf", "PDF"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="report_makings")
    paper = models.CharField(max_length=20)
    query = models.CharField(max_length=1000, blank=True)
    """What the paper is about, as the address of its page says it."""
    form = models.CharField(max_length=8, choices=Form.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=60, blank=True)
    """What is being done, in words."""
    percent = models.PositiveSmallIntegerField(default=0)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="report_makings")
    name = models.CharField(max_length=200, blank=True)
    """Name under which it is saved."""
    error = models.JSONField(default=dict, blank=True)
    """Why it failed, in words."""
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
