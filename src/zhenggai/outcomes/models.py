"""What the rectification brought about: meetings and their decisions, rules issued, accountability, money, groups.

Only ``outcomes/actions.py`` and the acts of registers write here, and nothing is ever deleted.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.models import Finding, Measure
from zhenggai.people.models import Unit, User
from zhenggai.registers.models import RegisterEntry


class Meeting(RegisterEntry):
    """A meeting that dealt with the rectification 整改会议."""

    class Kind(models.TextChoices):
        PARTY_GROUP = "party_group", _("党组会")
        ADMINISTRATION = "administration", _("院务会")
        CHIEF_OFFICE = "chief_office", _("检察长办公会")
        DEMOCRATIC_LIFE = "democratic_life", _("民主生活会")
        LEADING_GROUP = "leading_group", _("领导小组会")
        SUPERVISION = "supervision", _("督导专题会")
        OTHER = "other", _("其他会议")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    no = models.CharField(max_length=60, blank=True)
    """第 25 次, or the number of its minutes."""
    held_on = models.DateField()
    topics = models.TextField()
    """One per line."""
    attendance = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-held_on", "-id"]

    def __str__(self) -> str:
        return f"{self.held_on} {self.get_kind_display()} {self.no}".strip()


class Decision(RegisterEntry):
    """Something a meeting decided, to be followed up 议定事项."""

    class State(models.TextChoices):
        OPEN = "open", _("落实中")
        DONE = "done", _("已落实")
        DROPPED = "dropped", _("不再执行")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    text = models.TextField()
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    due_on = models.DateField(null=True, blank=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering: ClassVar[list[str]] = ["meeting", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class FollowUp(models.Model):
    """What was done about a decision."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="follow_ups")
    text = models.TextField()
    done_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["decision", "-done_on", "-id"]


class RuleDocument(RegisterEntry):
    """A rule that was issued, revised or abolished 制度成果."""

    class Kind(models.TextChoices):
        NEW = "new", _("新建")
        REVISED = "revised", _("修订")
        ABOLISHED = "abolished", _("废止")

    title = models.CharField(max_length=200)
    document_no = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    issued_on = models.DateField()
    effective_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    """When it is to be looked at again."""
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="rule_documents")
    """The department that keeps it."""
    findings = models.ManyToManyField(Finding, blank=True, related_name="rule_documents")

    class Meta:
        ordering: ClassVar[list[str]] = ["-issued_on", "-id"]

    def __str__(self) -> str:
        return self.title


class RuleUse(models.Model):
    """That a rule was referred to 执行记录: a rule nobody refers to is paper."""

    document = models.ForeignKey(RuleDocument, on_delete=models.PROTECT, related_name="uses")
    used_on = models.DateField()
    note = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="rule_uses")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["document", "-used_on", "-id"]


class Accountability(RegisterEntry):
    """That one person or one unit was held to account 问责."""

    class Subject(models.TextChoices):
        PERSON = "person", _("个人")
        UNIT = "unit", _("单位")

    class Kind(models.TextChoices):
        WRITTEN_REVIEW = "written_review", _("责令书面检查")
        CRITICISM = "criticism", _("批评教育")
        TALK_REMINDER = "talk_reminder", _("谈话提醒")
        ORDERED_REVIEW = "ordered_review", _("责令检查")
        ADMONITION = "admonition", _("诫勉")
        CIRCULAR = "circular", _("通报")
        ORGANISATIONAL = "organisational", _("组织处理")
        ADMINISTRATIVE = "administrative", _("政务处分")
        PARTY_DISCIPLINE = "party_discipline", _("党纪处分")

    subject = models.CharField(max_length=10, choices=Subject.choices)
    name = models.CharField(max_length=120)
    """Name of the person or unit; a person's is told only to those who need it."""
    position = models.CharField(max_length=120, blank=True)
    """What the person was."""
    kind = models.CharField(max_length=20, choices=Kind.choices)
    degree = models.CharField(max_length=60, blank=True)
    """警告, 严重警告, …"""
    basis = models.TextField(blank=True)
    """The facts and the rule."""
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="accountability")
    """The meeting that decided."""
    decided_on = models.DateField()
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="accountability")

    class Meta:
        ordering: ClassVar[list[str]] = ["-decided_on", "-id"]
        verbose_name = "accountability"

    def __str__(self) -> str:
        return f"{self.decided_on} {self.get_kind_display()}"


class Recovery(RegisterEntry):
    """Money that the rectification moved: recovered, returned, put to use, booked right 追缴与挽损."""

    class Kind(models.TextChoices):
        RECOVERED = "recovered", _("追缴资金")
        RETURNED_TO_SOURCE = "returned_to_source", _("归还原渠道")
        REALLOCATED = "reallocated", _("统筹盘活")
        REFUNDED = "refunded", _("退还")
        REBOOKED = "rebooked", _("调整账表")
        LOSS_AVERTED = "loss_averted", _("挽回损失")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    """In yuan."""
    recovered_on = models.DateField()
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="recoveries")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-recovered_on", "-id"]
        verbose_name_plural = "recoveries"

    def __str__(self) -> str:
        return f"{self.recovered_on} {self.get_kind_display()}"


class Group(RegisterEntry):
    """A group set up for the rectification 领导小组、督促组."""

    class Kind(models.TextChoices):
        LEADING = "leading", _("巡察整改工作领导小组")
        SUPERVISION = "supervision", _("巡察整改督促工作领导小组")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=120)
    document_no = models.CharField(max_length=80, blank=True)
    """Number of the paper that set it up."""
    founded_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-founded_on", "-id"]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """That someone belonged to a group for a time."""

    class Role(models.TextChoices):
        HEAD = "head", _("组长")
        EXECUTIVE_DEPUTY = "executive_deputy", _("常务副组长")
        DEPUTY = "deputy", _("副组长")
        MEMBER = "member", _("成员")

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="group_memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    post_text = models.CharField(max_length=120, blank=True)
    """What the person was when they joined."""
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    """The last day."""
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    kept_at = models.DateTimeField(null=True, blank=True)
    """When it was decided that they stay although their post has ended; the task of replacing them is then gone."""
    kept_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["group", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "user"], condition=models.Q(until__isnull=True), name="member_once_in_group"
            ),
        ]

    def __str__(self) -> str:
        return self.user.name
