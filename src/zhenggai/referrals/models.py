"""What was handed over beside the findings: immediate fixes, petitions, clues, common problems, what was carried over.

Only ``referrals/actions.py`` and the acts of registers write here, and nothing is ever deleted.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.models import Finding
from zhenggai.people.models import Unit, User
from zhenggai.registers.models import RegisterEntry


class ImmediateFix(RegisterEntry):
    """Something to be mended at once 立行立改, by a notice of the inspectors or on one's own."""

    notice_no = models.CharField(max_length=80, blank=True)
    issue = models.TextField()
    issued_on = models.DateField()
    due_on = models.DateField()
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="fixes")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="fixes")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="fixes")
    measure = models.TextField(blank=True)
    """What was done."""
    done_on = models.DateField(null=True, blank=True)
    reply_no = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-issued_on", "-id"]
        verbose_name_plural = "immediate fixes"

    def __str__(self) -> str:
        return self.issue[:60]


class Petition(RegisterEntry):
    """A petition handed over by the inspectors 交办信访件. Its content is told only to those who handle it."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("信")
        VISIT = "visit", _("访")
        CALL = "call", _("电")
        ONLINE = "online", _("网")

    class Result(models.TextChoices):
        TRUE = "true", _("属实")
        PARTLY_TRUE = "partly_true", _("部分属实")
        UNTRUE = "untrue", _("不属实")
        UNVERIFIABLE = "unverifiable", _("无法核实")

    no = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    topic = models.CharField(max_length=120, blank=True)
    """What sort of matter it is, in words that give nobody away."""
    received_on = models.DateField()
    content = models.TextField(blank=True)
    target = models.CharField(max_length=200, blank=True)
    """Who or what it is about."""
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="petitions")
    due_on = models.DateField()
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="petitions")
    result = models.CharField(max_length=20, choices=Result.choices, blank=True)
    result_text = models.TextField(blank=True)
    replied_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_on", "-id"]

    def __str__(self) -> str:
        return self.no


class Clue(RegisterEntry):
    """A clue to a breach of discipline 问题线索. Need to know: holders of the right who are named, nobody else."""

    class Handling(models.TextChoices):
        TALK = "talk", _("谈话函询")
        PRELIMINARY = "preliminary", _("初步核实")
        CASE_FILED = "case_filed", _("立案")
        SHELVED = "shelved", _("暂存待查")
        CONCLUDED = "concluded", _("予以了结")

    no = models.CharField(max_length=60)
    source = models.CharField(max_length=120, blank=True)
    received_on = models.DateField()
    level = models.CharField(max_length=60, blank=True)
    """Level of the person concerned, by who manages them."""
    authority = models.CharField(max_length=120, blank=True)
    """Who handles it."""
    target = models.CharField(max_length=200, blank=True)
    content = models.TextField()
    handling = models.CharField(max_length=20, choices=Handling.choices, blank=True)
    due_on = models.DateField()
    reported_on = models.DateField(null=True, blank=True)
    """When its handling was reported back."""
    result = models.TextField(blank=True)
    discipline = models.CharField(max_length=120, blank=True)
    readers = models.ManyToManyField(User, blank=True, related_name="clues")

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_on", "-id"]

    def __str__(self) -> str:
        return self.no


class Common(RegisterEntry):
    """A problem found in many units 共性问题, handed down to them and looked at as a whole."""

    no = models.CharField(max_length=20, blank=True)
    aspect = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    """Measures every unit starts with, one per line."""
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = "common problem"

    def __str__(self) -> str:
        return self.title


class Share(models.Model):
    """A unit's part in a common problem: its own finding."""

    common = models.ForeignKey(Common, on_delete=models.PROTECT, related_name="shares")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shares")
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="share")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["common", "unit__order", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["common", "unit"], name="share_once_in_unit"),
        ]


class CarriedOver(RegisterEntry):
    """That a finding was found before and not mended for good 遗留问题."""

    class Source(models.TextChoices):
        EARLIER_ROUND = "earlier_round", _("上轮巡察")
        AUDIT = "audit", _("审计")
        CAMPAIGN = "campaign", _("主题教育")
        EDUCATION = "education", _("教育整顿")
        SPECIAL_INSPECTION = "special_inspection", _("专项督察")
        OTHER = "other", _("其他检查")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="carried_over")
    source = models.CharField(max_length=20, choices=Source.choices)
    earlier = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="came_back_as")
    """The earlier finding, where it is on record."""
    earlier_text = models.CharField(max_length=500, blank=True)
    """What the earlier paper called it."""
    claimed = models.CharField(max_length=200, blank=True)
    """How it was said to stand then."""
    cause = models.TextField(blank=True)
    """Why it came back."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = "carried-over problem"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["finding", "earlier"],
                condition=models.Q(withdrawn_at__isnull=True, earlier__isnull=False),
                name="carried_over_once",
            ),
        ]

    def __str__(self) -> str:
        return self.finding.title


class NotTheSame(models.Model):
    """That someone looked at two findings and said that one is not the other come back."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="not_the_same")
    earlier = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["finding", "earlier"], name="not_the_same_once"),
        ]
