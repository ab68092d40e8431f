"""Look-backs 回头看 and spot checks 抽查: which findings are looked at again, how they were drawn, what was found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.people.models import Unit, User
from zhenggai.workflow.models import CloseOut, EvidenceVersion


class Strata(models.TextChoices):
    """By what a population is parted before findings are drawn from each part."""

    NONE = "none", _("不分层")
    DEPARTMENT = "department", _("按责任部门")
    ASPECT = "aspect", _("按方面")
    LEADER = "leader", _("按责任领导")


class Draw(models.Model):
    """One draw of findings for spot checks, kept so that anybody can draw it again."""

    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="draws")
    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, related_name="draws")
    stages = models.JSONField()
    """Stages of the loop that the population was taken from."""
    strata = models.CharField(max_length=20, choices=Strata.choices, default=Strata.NONE)
    size = models.PositiveIntegerField(null=True, blank=True)
    """How many were asked for, over all parts."""
    rate_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    """Or what share of each part."""
    seed = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=40)
    """Name and version; see ``kit.drawing``."""
    population = models.JSONField()
    """One ``[stable id, stratum, number, title]`` for each finding, in the order of the ledger; frozen."""
    drawn = models.JSONField()
    """Stable ids in the order in which they were drawn; frozen."""
    note = models.CharField(max_length=300, blank=True)
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Empty when the operator at the server drew."""
    drawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]


class CheckOutcome(models.TextChoices):
    """What a check found."""

    CONSOLIDATED = "consolidated", _("巩固")
    REBOUND = "rebound", _("反弹")
    FAKE = "fake", _("虚假")


class Check(models.Model):
    """One finding looked at again after its close-out."""

    class Kind(models.TextChoices):
        LOOK_BACK = "look_back", _("回头看")
        SPOT_CHECK = "spot_check", _("抽查")

    class State(models.TextChoices):
        PLANNED = "planned", _("待核查")
        DONE = "done", _("已核查")
        CANCELLED = "cancelled", _("已取消")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PLANNED)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="checks")
    close_out = models.ForeignKey(CloseOut, on_delete=models.PROTECT, null=True, blank=True, related_name="checks")
    """The close-out that is looked at; empty where the finding is only phased."""
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, null=True, blank=True, related_name="checks")
    after_days = models.PositiveIntegerField(null=True, blank=True)
    """Days after the close-out at which the rules ask for this look-back."""
    due_on = models.DateField()
    checker = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="checks_assigned")
    """Who is to check; anybody who may when empty."""
    outcome = models.CharField(max_length=20, choices=CheckOutcome.choices, blank=True)
    summary = models.TextField(blank=True)
    """What was seen, in words."""
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="checks_done")
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=300, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    """When the finding was reopened because of this check."""
    reopened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    motive = models.TextField(blank=True)
    """The motive written for it."""

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "state", "due_on"], name="check_by_due"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["close_out", "after_days"],
                condition=models.Q(after_days__isnull=False),
                name="one_look_back_per_step",
            ),
            models.UniqueConstraint(
                fields=["draw", "finding"], condition=models.Q(draw__isnull=False), name="one_check_per_draw"
            ),
        ]


class CheckItem(models.Model):
    """One line of the sheet of a check."""

    class Verdict(models.TextChoices):
        OK = "ok", _("符合")
        NOT_OK = "not_ok", _("不符合")
        NOT_APPLICABLE = "not_applicable", _("不适用")

    of_check = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveIntegerField()
    text = models.CharField(max_length=300)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["of_check", "order", "id"]


class CheckEvidence(models.Model):
    """A version of a piece of evidence that the checker looked at."""

    of_check = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="evidence_seen")
    version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="checks")
    is_sound = models.BooleanField()
    """Whether it proves what it is said to prove."""
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["of_check", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["of_check", "version"], name="evidence_seen_once"),
        ]


class CheckContact(models.Model):
    """Somebody named in the evidence who was asked. Personal: masked for those who do not inspect."""

    class Answer(models.TextChoices):
        CONFIRMS = "confirms", _("属实")
        DENIES = "denies", _("不属实")
        UNKNOWN = "unknown", _("不清楚")

    of_check = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=60)
    relation = models.CharField(max_length=120, blank=True)
    """How the person stands to the matter."""
    how = models.CharField(max_length=120)
    """How the person was reached: 电话 当面 函询."""
    answer = models.CharField(max_length=20, choices=Answer.choices)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["of_check", "id"]
