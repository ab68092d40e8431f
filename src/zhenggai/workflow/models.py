"""The loop of each finding: under which rules it runs, its plan, work, evidence, reviews, close-outs and extensions.

Where a finding stands is told by ``Finding.stage``; the tables here say how it came there.  Only
``workflow/actions/`` writes them, and nothing in them is ever deleted.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.files.models import StoredFile
from zhenggai.findings.models import Finding, InspectionRound, Measure
from zhenggai.people.models import Unit, User
from zhenggai.policy.models import PolicyProfile


class Course(models.Model):
    """Under which rules a round runs, and its own clock."""

    round = models.OneToOneField(InspectionRound, on_delete=models.PROTECT, related_name="course")
    profile = models.ForeignKey(PolicyProfile, on_delete=models.PROTECT, null=True, blank=True, related_name="courses")
    """The version of the rules; empty for the shipped ones."""
    plan_due_on = models.DateField(null=True, blank=True)
    period_ends_on = models.DateField(null=True, blank=True)
    """The last day of the concentrated period 集中整改期."""
    report_due_on = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)


class Plan(models.Model):
    """One version of the rectification plan 整改方案 of a round: the three lists as they stood when it was submitted."""

    class State(models.TextChoices):
        DRAFT = "draft", _("编制中")
        SUBMITTED = "submitted", _("待批准")
        RETURNED = "returned", _("退回修改")
        APPROVED = "approved", _("已批准")
        SUPERSEDED = "superseded", _("已被新版本替代")

    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    note = models.CharField(max_length=300, blank=True)
    """What this version changes and why."""
    snapshot = models.JSONField(default=dict, blank=True)
    """The three lists when it was submitted: see ``workflow.plan.take_snapshot``."""
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.TextField(blank=True)
    """What the person said who approved or returned it."""
    filed_on = models.DateField(null=True, blank=True)
    """The day it was filed with the inspection office 报备."""
    filed_note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["round", "-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "version"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(state__in=["draft", "submitted", "returned"]), name="one_open_plan"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"


class Outcome(models.TextChoices):
    """What a submission asks for."""

    COMPLETED = "completed", _("完成整改，申请销号")
    PHASED = "phased", _("阶段性完成")
    LONG_TERM = "long_term", _("转入长期坚持")


class Item(models.Model):
    """What the loop keeps about one finding 整改事项, beside its stage."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, primary_key=True, related_name="item")
    level = models.CharField(max_length=40, blank=True)
    """The level of review it waits at; empty when it is not under review."""
    level_since = models.DateTimeField(null=True, blank=True)
    first_due_on = models.DateField(null=True, blank=True)
    """The deadline of the approved plan, before any extension."""
    next_milestone = models.CharField(max_length=300, blank=True)
    """What comes next where it is phased."""
    next_milestone_on = models.DateField(null=True, blank=True)
    next_report_on = models.DateField(null=True, blank=True)
    """When the next report is due, where it is phased or long-term."""
    reopened_at = models.DateTimeField(null=True, blank=True)
    """The moment from which work counts anew."""
    reopened_why = models.TextField(blank=True)


class Criterion(models.Model):
    """Something that must hold before a finding is closed 销号标准."""

    class Kind(models.TextChoices):
        MEASURES_DONE = "measures_done", _("措施完成")
        EVIDENCE = "evidence", _("佐证齐备")
        CONFIRMATION = "confirmation", _("人员确认")
        DOCUMENT = "document", _("文件材料")
        CONDITION = "condition", _("台账条件")

    class State(models.TextChoices):
        """Whether a condition on a ledger held when it was last looked at."""

        HOLDS = "holds", _("达到")
        LAPSED = "lapsed", _("未达到")
        UNKNOWN = "unknown", _("无法判断")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="criteria")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = models.CharField(max_length=500)
    met_at = models.DateTimeField(null=True, blank=True)
    """When a person confirmed it; the other kinds are looked at anew each time."""
    met_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    met_note = models.CharField(max_length=500, blank=True)
    evidence = models.ForeignKey("Evidence", on_delete=models.PROTECT, null=True, blank=True, related_name="criteria")
    """The document that meets it, where it asks for one."""
    condition = models.JSONField(default=dict, blank=True)
    """What a ledger must show, where it asks for that: see :mod:`zhenggai.workflow.conditions`."""
    state = models.CharField(max_length=20, choices=State.choices, blank=True)
    """Of a condition: what was found the last time; empty before the first look."""
    state_as_of = models.DateTimeField(null=True, blank=True)
    """The moment for which that was found."""
    state_since = models.DateTimeField(null=True, blank=True)
    """The moment from which it has been found so without a break."""
    state_text = models.CharField(max_length=500, blank=True)
    """The same in a sentence."""
    state_count = models.PositiveIntegerField(null=True, blank=True)
    """How many alerts stood in the way, where it asks for silence of a rule."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["finding", "order", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["kind"],
                condition=models.Q(kind="condition", withdrawn_at__isnull=True),
                name="standing_condition",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class WorkEntry(models.Model):
    """What someone says was done 进展填报."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="work_entries")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="work_entries")
    text = models.TextField()
    done_on = models.DateField()
    """The day it speaks of."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="work_entries")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["finding", "-done_on", "-id"]

    def __str__(self) -> str:
        return self.text[:60]


class Completion(models.Model):
    """That a measure was carried out; taken back by ``withdrawn_at``, never deleted."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="completions")
    done_on = models.DateField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="completions")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["measure", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["measure"], condition=models.Q(withdrawn_at__isnull=True), name="one_standing_completion"
            ),
        ]


class Evidence(models.Model):
    """A piece of evidence 佐证材料: versions of a file, standing for any number of measures and findings."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("文件材料")
        RULE = "rule", _("制度文件")
        MINUTES = "minutes", _("会议纪要")
        LEDGER = "ledger", _("台账数据")
        PHOTO = "photo", _("现场照片")
        OTHER = "other", _("其他")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="evidence")
    """The body whose findings it may stand for."""
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DOCUMENT)
    note = models.CharField(max_length=500, blank=True)
    """What it proves."""
    expires_on = models.DateField(null=True, blank=True)
    """The last day on which it still proves it, e.g. of a licence."""
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="evidence")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        verbose_name = "evidence"

    def __str__(self) -> str:
        return self.name


class EvidenceVersion(models.Model):
    """One version of a piece of evidence; the newest counts, all stay."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="versions")
    no = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="evidence_versions")
    name = models.CharField(max_length=200)
    """Name of the file as it was uploaded."""
    note = models.CharField(max_length=300, blank=True)
    """What changed against the version before."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="evidence_versions")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["evidence", "-no"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["evidence", "no"], name="evidence_version_once"),
        ]


class EvidenceLink(models.Model):
    """That a piece of evidence stands for a finding, or for one of its measures."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="links")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="evidence_links")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence_links")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["finding", "withdrawn_at"], name="evidence_of_finding"),
        ]


class Submission(models.Model):
    """One pass of a finding through the levels of review."""

    class State(models.TextChoices):
        OPEN = "open", _("审核中")
        PASSED = "passed", _("已通过")
        RETURNED = "returned", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="submissions")
    no = models.PositiveIntegerField()
    """Counts from 1 within the finding."""
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    statement = models.TextField()
    """What was done, as the submitter sums it up: the self-check 自查."""
    milestone = models.CharField(max_length=300, blank=True)
    milestone_on = models.DateField(null=True, blank=True)
    from_stage = models.CharField(max_length=20)
    """The stage to which a withdrawal leads back."""
    skipped = models.JSONField(default=list, blank=True)
    """Codes of the levels passed over, because nobody could decide there who had not done the work."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="submissions")
    on_behalf_of = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["finding", "-no"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["finding", "no"], name="submission_no_once"),
            models.UniqueConstraint(fields=["finding"], condition=models.Q(state="open"), name="one_open_submission"),
        ]


class Opinion(models.Model):
    """What one person decided at one level; kept for ever."""

    class Verdict(models.TextChoices):
        PASS = "pass", _("同意")
        COSIGN = "cosign", _("会签同意")
        RETURN = "return", _("退回")

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="opinions")
    level = models.CharField(max_length=40)
    level_label = models.CharField(max_length=60)
    """What the level was called at the time."""
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    text = models.TextField(blank=True)
    returned_to = models.CharField(max_length=40, blank=True)
    """Level to which it went back; empty for the people who do the work."""
    minutes_no = models.CharField(max_length=80, blank=True)
    """Number of the minutes it was decided in 会议纪要号."""
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The assisting department that countersigned."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="opinions")
    on_behalf_of = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    """Set when a higher level sent it back behind this one: it has to be decided anew, by anyone who may."""

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]


class CloseOut(models.Model):
    """A close-out 销号 with its form; revoked only with a motive, and the next one names it."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="close_outs")
    no = models.CharField(max_length=160)
    """Number of the form: 示例销号〔2025〕12号; counted within the body, and two bodies may be called alike."""
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="close_out")
    form = models.JSONField()
    """What the form says, frozen: see ``workflow.closing.build_form``."""
    closed_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    """The deadline that held then."""
    within_deadline = models.BooleanField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="close_outs")
    at = models.DateTimeField(auto_now_add=True)
    filed_on = models.DateField(null=True, blank=True)
    """The day it was filed with the inspection office."""
    earlier = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="later")
    """The revoked close-out of the same finding before it."""
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    motive = models.TextField(blank=True)
    """Why it was revoked."""

    class Meta:
        ordering: ClassVar[list[str]] = ["finding", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["finding"], condition=models.Q(revoked_at__isnull=True), name="one_standing_close_out"
            ),
        ]

    def __str__(self) -> str:
        return self.no


class Extension(models.Model):
    """A request for more time 延期申请."""

    class State(models.TextChoices):
        OPEN = "open", _("待审批")
        GRANTED = "granted", _("已批准")
        REFUSED = "refused", _("不批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="extension_requests")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    from_due_on = models.DateField(null=True, blank=True)
    to_due_on = models.DateField()
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["finding", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["finding"], condition=models.Q(state="open"), name="one_open_extension"),
        ]


class Serial(models.Model):
    """The last number given out for a kind of form of a body in a year."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="serials")
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["unit", "kind", "year"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "kind", "year"], name="serial_once"),
        ]
