"""Documents on their way into the record: uploaded, read, checked by a person, confirmed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.files.models import StoredFile
from zhenggai.findings.models import InspectionRound, Source
from zhenggai.people.models import Unit, User


class Import(models.Model):
    """One document on its way in."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待读取")
        READING = "reading", _("正在读取")
        READ = "read", _("待核对")
        FAILED = "failed", _("读取失败")
        CONFIRMED = "confirmed", _("已入账")
        DISCARDED = "discarded", _("已放弃")

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="imports")
    """The unit on whose behalf it was uploaded."""
    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, null=True, blank=True, related_name="imports")
    """The round it belongs to; empty proposes a new one."""
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=60, blank=True)
    """What is being done now, in words."""
    step_at = models.DateTimeField(null=True, blank=True)
    """When the step began; a step that never ends tells that the worker died."""
    attempt = models.PositiveSmallIntegerField(default=1)
    """Which reading is meant; what a worker of an earlier one still brings is disregarded."""
    percent = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(blank=True)
    """``Document.text`` once read."""
    draft = models.JSONField(default=dict, blank=True)
    """The draft under correction, in the published JSON form plus a ``key`` for each finding and measure."""
    draft_version = models.PositiveIntegerField(default=0)
    """Counts the corrections; each is kept in :class:`DraftChange` and can be undone."""
    error = models.JSONField(default=dict, blank=True)
    """``code what where todo`` when reading failed."""
    source = models.OneToOneField(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="origin")
    """Set when confirmed."""
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="imports")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.name


class DraftChange(models.Model):
    """One correction of a draft, with what stood before, so that it can be undone."""

    document = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    """``Import.draft_version`` after the change."""
    act = models.CharField(max_length=40)
    """``retitle merge split move delete add set_status …``"""
    label = models.CharField(max_length=200)
    before = models.JSONField()
    """What the correction could change, as it stood before it; see ``drafts.EDITED``."""
    after = models.JSONField(null=True, blank=True)
    """The same as it stood after the correction; set while the correction is undone, so that it can be done again."""
    undone = models.BooleanField(default=False)
    """True while the correction is taken back."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="draft_changes")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["document", "version"]
