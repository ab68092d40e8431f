"""The record: what was inspected, what was found, and what is to be done. All rooms meet at these tables.

Only ``findings/actions.py`` writes here.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.files.models import StoredFile
from zhenggai.people.models import Unit, User


class InspectionRound(models.Model):
    """One inspection of one unit 巡察轮次, from its feedback to its close-out."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rounds")
    """The inspected unit."""
    name = models.CharField(max_length=160)
    inspecting_body = models.CharField(max_length=120, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    feedback_on = models.DateField(null=True, blank=True)
    """Day 0 of all rectification deadlines."""
    status_as_of = models.DateField(null=True, blank=True)
    """The day that the last imported statuses refer to 截至."""
    declared_counts = models.JSONField(default=dict, blank=True)
    """What the last imported document declares: see ``docparse.draft.Draft.counts``."""
    created_at = models.DateTimeField(auto_now_add=True)
    closed_on = models.DateField(null=True, blank=True)
    rolls_over = models.BooleanField(default=True)
    """Whether deadlines on a day off run to the next working day: what the rules of the round say, see ``workflow``."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-feedback_on", "-id"]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """An imported document, kept with the text its spans refer to."""

    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, related_name="sources")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="sources")
    name = models.CharField(max_length=200)
    family = models.CharField(max_length=40, blank=True)
    document_on = models.DateField(null=True, blank=True)
    text = models.TextField()
    """``Document.text``; findings' and measures' spans are offsets into it."""
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="imported_sources")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.name


class Aspect(models.Model):
    """A heading that groups the findings of a round 方面."""

    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, related_name="aspects")
    no = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=300)
    order = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["round", "order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "order"], name="aspect_order_once_in_round"),
        ]

    def __str__(self) -> str:
        return self.title


class Status(models.TextChoices):
    """Where a finding or measure stands, as the record knows it. ``unknown``: no document or person has said."""

    UNKNOWN = "unknown", _("未说明")
    ONGOING = "ongoing", _("正在整改")
    PHASED = "phased", _("阶段性完成")
    LONG_TERM = "long_term", _("长期坚持")
    COMPLETED = "completed", _("已完成")
    NOT_COMPLETED = "not_completed", _("未完成")


class Stage(models.TextChoices):
    """Where a finding stands in the loop. Only the room that runs the loop moves it, by ``write_stage``."""

    REGISTERED = "registered", _("已入账")
    """On the record; no approved plan governs it, so its status is what documents and the office say."""
    WORKING = "working", _("整改中")
    IN_REVIEW = "in_review", _("审核中")
    RETURNED = "returned", _("退回补正")
    PHASED = "phased", _("阶段性完成")
    LONG_TERM = "long_term", _("长期坚持")
    CLOSED = "closed", _("已销号")
    REOPENED = "reopened", _("重新整改")


class Finding(models.Model):
    """One problem 问题."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("反馈问题")
        IMMEDIATE_FIX = "immediate_fix", _("立行立改")
        PETITION = "petition", _("交办信访件")
        COMMON = "common", _("共性问题")
        LEGACY = "legacy", _("上轮遗留")
        SELF_EXAMINED = "self_examined", _("自查发现")

    stable_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """Stands in exported workbooks, so that they can come back."""
    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, related_name="findings")
    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="findings")
    """The unit that has the problem: the inspected unit, or one of its grass-roots units."""
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.ORDINARY)
    no = models.CharField(max_length=20, blank=True)
    """The number readers know it by."""
    order = models.PositiveIntegerField()
    """Place in the round, from 1."""
    title = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    parent_no = models.CharField(max_length=20, blank=True)
    parent_title = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNKNOWN)
    status_text = models.CharField(max_length=200, blank=True)
    """The words of the document the status was read from."""
    leader = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="led_findings")
    leader_text = models.CharField(max_length=200, blank=True)
    """责任领导 as written; kept even when matched to a person."""
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="lead_findings")
    department_text = models.CharField(max_length=300, blank=True)
    assist_departments = models.ManyToManyField(Unit, blank=True, related_name="assisted_findings")
    assist_text = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_findings")
    owner_text = models.CharField(max_length=200, blank=True)
    supervisor_text = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_text = models.CharField(max_length=120, blank=True)
    """The deadline as written: 2025年6月底前, 长期坚持."""
    completion_criteria = models.TextField(blank=True)
    """整改目标 or 完成标准."""
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.REGISTERED)
    """Where it stands in the loop; from the approved plan on, status and deadline move only with it."""
    filed_on = models.DateField(null=True, blank=True)
    """The day on which the plan that holds it was filed with the inspection office 报备."""
    closed_on = models.DateField(null=True, blank=True)
    """The day of its close-out 销号; empty again after it was reopened."""
    within_deadline = models.BooleanField(null=True, blank=True)
    """Whether it was closed within its deadline, frozen at closing."""
    extensions = models.PositiveSmallIntegerField(default=0)
    """How many extensions of its deadline were granted."""
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    """The document it was first read from."""
    span_start = models.PositiveIntegerField(null=True, blank=True)
    span_end = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    """Counts the changes; a form carries it, so that two people cannot overwrite each other unnoticed."""
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """Set when taken off the ledger (wrongly imported); withdrawn findings can be restored and are never deleted."""

    class Meta:
        ordering: ClassVar[list[str]] = ["round", "order"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-round", "order", "id"], name="finding_in_order"),
            models.Index(fields=["-changed_at", "id"], name="finding_by_change"),
            # Counts and facets of a whole ledger are answered from this index alone, without the rows and their
            # long texts.
            models.Index(
                fields=[
                    "withdrawn_at",
                    "round",
                    "status",
                    "department",
                    "aspect",
                    "due_on",
                    "kind",
                    "leader",
                    "owner",
                    "unit",
                    "due_text",
                    "stage",
                    "extensions",
                    "id",
                ],
                name="finding_counts",
            ),
            # What a reach holds is joined by key: PostgreSQL answers it without the rows only when the key is there.
            models.Index(fields=["department", "id"], name="finding_by_department"),
            models.Index(fields=["leader", "id"], name="finding_by_leader"),
            models.Index(fields=["owner", "id"], name="finding_by_owner"),
        ]

    def __str__(self) -> str:
        return self.title


class Measure(models.Model):
    """One measure 整改措施 of a finding."""

    class Nature(models.TextChoices):
        FIX_NOW = "fix_now", _("当下改")
        LASTING_RULE = "lasting_rule", _("长久立")

    stable_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="measures")
    order = models.PositiveIntegerField()
    text = models.TextField()
    nature = models.CharField(max_length=20, choices=Nature.choices, blank=True)
    """Whether it mends the case at hand or lays down a rule for good."""
    criterion = models.TextField(blank=True)
    """完成标准: by what one sees that it is done."""
    progress = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNKNOWN)
    leader = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="led_measures")
    leader_text = models.CharField(max_length=200, blank=True)
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="lead_measures")
    department_text = models.CharField(max_length=300, blank=True)
    assist_departments = models.ManyToManyField(Unit, blank=True, related_name="assisted_measures")
    assist_text = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_measures")
    owner_text = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_text = models.CharField(max_length=120, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="measures")
    span_start = models.PositiveIntegerField(null=True, blank=True)
    span_end = models.PositiveIntegerField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["finding", "order", "id"]
        indexes: ClassVar[list[models.Index]] = [
            # Counts beside findings and on the overview are answered without the rows and their long texts.
            models.Index(fields=["finding", "withdrawn_at", "status"], name="measure_counts"),
            # Whose measure makes a finding theirs to see, found without the rows.
            models.Index(
                fields=["department", "finding"], condition=models.Q(withdrawn_at=None), name="measure_by_department"
            ),
            models.Index(fields=["leader", "finding"], condition=models.Q(withdrawn_at=None), name="measure_by_leader"),
            models.Index(fields=["owner", "finding"], condition=models.Q(withdrawn_at=None), name="measure_by_owner"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class ProgressEntry(models.Model):
    """A statement of progress 整改进展 read from a document, apart from the measures."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="progress_entries")
    order = models.PositiveIntegerField()
    text = models.TextField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="progress_entries")
    span_start = models.PositiveIntegerField(null=True, blank=True)
    span_end = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["finding", "order", "id"]


class Mention(models.Model):
    """A passage of an imported document that speaks of a finding: the first it was read from, and each later one."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="mentions")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="mentions")
    span_start = models.PositiveIntegerField()
    span_end = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["finding", "id"]


class Attachment(models.Model):
    """A file put beside a finding."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)
    attached_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="attachments")
    attached_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]


class SavedView(models.Model):
    """A named set of filters, sort order and columns of the findings table that a person keeps."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    """The query string of the list page."""

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once"),
        ]


class SearchText(models.Model):
    """The normal form of a finding's words, for searching.

    See :mod:`zhenggai.findings.search`, which alone writes it.
    """

    finding = models.OneToOneField(Finding, on_delete=models.CASCADE, primary_key=True, related_name="search_text")
    text = models.TextField()
