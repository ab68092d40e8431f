"""The notice of a round, its versions, what its figures are bound to, and what was made public: ``docs/notices.md``.

Only ``notices/actions/`` writes here, and nothing is ever deleted.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.files.models import StoredFile
from zhenggai.findings.models import InspectionRound
from zhenggai.people.models import Unit, User
from zhenggai.workflow.models import Evidence


class NoticeSettings(models.Model):
    """What the notices of a body take as given: its contact block, signature and habits."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="notice_settings")
    organ = models.CharField(max_length=120, blank=True)
    """The inspected organisation 党组 as the title names it; the body's name with 党组 when empty."""
    signature = models.CharField(max_length=200, blank=True)
    """落款; 中共 and the organ when empty."""
    phone = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    email = models.CharField(max_length=120, blank=True)
    style = models.CharField(max_length=40, default="standard")
    """Numbering style of new notices."""
    answer_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """Days after publication on which answers are taken; without end when empty."""
    bind_all = models.BooleanField(default=False)
    """Whether a notice is held back while a figure in it is unbound."""
    version = models.PositiveIntegerField(default=1)
    """Counts the changes."""


class Notice(models.Model):
    """One notice 通报 on its way from the record to the public."""

    class State(models.TextChoices):
        DRAFTING = "drafting", _("编写中")
        REVIEWING = "reviewing", _("待审批")
        APPROVED = "approved", _("已批准")
        SCHEDULED = "scheduled", _("定时发布")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤回")
        DISCARDED = "discarded", _("已作废")

    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, related_name="notices")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="notices")
    """The body that answers for it."""
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFTING)
    title = models.CharField(max_length=300)
    """As the newest version says."""
    version = models.PositiveIntegerField(default=1)
    """Number of the newest version; a form carries it, so that two people cannot overwrite each other unnoticed."""
    as_of = models.DateField()
    """The day to which its status speaks 截至."""
    wording = models.PositiveIntegerField(default=1)
    """Version of the wording it was first written with."""
    publish_at = models.DateTimeField(null=True, blank=True)
    """When it is to be published, where that was set."""
    held_why = models.TextField(blank=True)
    """Why it was not published at that time."""
    returned_why = models.TextField(blank=True)
    """Why it came back unapproved the last time."""
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    """The published notice that this one is to replace."""
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "state", "-id"], name="notice_by_state"),
            models.Index(fields=["publish_at"], condition=models.Q(state="scheduled"), name="notice_due"),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeVersion(models.Model):
    """The text of a notice as somebody left it."""

    class Cause(models.TextChoices):
        COMPOSED = "composed", _("由台账写成")
        EDITED = "edited", _("修改")
        STYLED = "styled", _("换编号样式")
        RENEWED = "renewed", _("更新数字")
        MASKED = "masked", _("遮蔽信息")
        RESTORED = "restored", _("恢复旧版")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="versions")
    no = models.PositiveIntegerField()
    """Counts from 1 within the notice."""
    cause = models.CharField(max_length=20, choices=Cause.choices)
    style = models.CharField(max_length=40)
    """Numbering style."""
    blocks = models.JSONField()
    """The body: see :mod:`zhenggai.notices.blocks`."""
    anchors = models.JSONField(default=list)
    """Where its bound figures stand."""
    digest = models.CharField(max_length=64)
    """Of body and style."""
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["notice", "-no"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "no"], name="notice_version_once"),
        ]

    def __str__(self) -> str:
        return f"v{self.no}"


class Binding(models.Model):
    """What a figure in a notice rests on; where it stands is told by the anchors of each version."""

    class Kind(models.TextChoices):
        COUNT = "count", _("台账计数")
        INDICATOR = "indicator", _("业务台账指标")
        STATEMENT = "statement", _("有佐证的陈述")
        NOT_A_FIGURE = "not_a_figure", _("不是统计数字")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="bindings")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    source = models.JSONField(default=dict)
    """Which count with which limits, or which indicator of which days: see :mod:`zhenggai.notices.sources`."""
    label = models.CharField(max_length=300)
    """The same in words."""
    unit = models.CharField(max_length=20, blank=True)
    """Measure word of what the source gives."""
    given = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    """What the source gave when it was last asked; empty when it gives nothing, or is a statement."""
    given_at = models.DateTimeField(null=True, blank=True)
    """When that was."""
    statement = models.TextField(blank=True)
    """Of a statement: what is vouched for; of what is no figure: why."""
    vouched_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Of a statement: who vouches for it."""
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="notice_bindings")
    """Of a statement: what proves it."""
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Of a statement: a paper handed in with it."""
    file_name = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Who bound it; empty when composing did."""
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["notice", "id"]

    def __str__(self) -> str:
        return self.label


class Masking(models.Model):
    """What was found in a notice that the public may not read, and what was done about it."""

    class Kind(models.TextChoices):
        IDENTITY_NO = "identity_no", _("身份证号")
        PHONE = "phone", _("电话号码")
        EMAIL = "email", _("电子邮箱")
        BANK_CARD = "bank_card", _("银行卡号")
        PLATE = "plate", _("车牌号")
        CASE_NO = "case_no", _("案号")
        PERSON = "person", _("个人姓名")
        RESTRICTED = "restricted", _("限制知悉的内容")

    class Decision(models.TextChoices):
        MASKED = "masked", _("已遮蔽")
        KEPT = "kept", _("准予公开")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="maskings")
    version = models.PositiveIntegerField()
    """The version that it was first seen in, or that masked it."""
    kind = models.CharField(max_length=20, choices=Kind.choices)
    quote = models.CharField(max_length=200)
    """What stood there."""
    replacement = models.CharField(max_length=200, blank=True)
    """What stands there now."""
    block = models.CharField(max_length=20)
    """Id of the block."""
    decision = models.CharField(max_length=10, choices=Decision.choices)
    reason = models.CharField(max_length=300, blank=True)
    """Of what is kept: why the public may read it."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Empty when composing did it."""
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["notice", "id"]


class Step(models.Model):
    """One step of a notice on its way: who did what, and what they said."""

    class Act(models.TextChoices):
        SUBMITTED = "submitted", _("提交审批")
        RECALLED = "recalled", _("撤回修改")
        RETURNED = "returned", _("退回修改")
        APPROVED = "approved", _("批准")
        OVERRIDDEN = "overridden", _("说明理由放行")
        SCHEDULED = "scheduled", _("定时发布")
        UNSCHEDULED = "unscheduled", _("取消定时")
        HELD = "held", _("到时未能发布")
        PUBLISHED = "published", _("发布")
        WITHDRAWN = "withdrawn", _("撤回公开")
        DISCARDED = "discarded", _("作废")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=20, choices=Act.choices)
    version = models.PositiveIntegerField()
    """Number of the version it was about."""
    words = models.TextField(blank=True)
    """What the person said."""
    data = models.JSONField(default=dict, blank=True)
    """Of an override: the issues it lets pass."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Empty when the clock did it."""
    for_whom = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Whom the person acted for, when they did."""
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["notice", "id"]


class Publication(models.Model):
    """A notice as the public reads it 公开文本: a copy that no later change of the record or of the draft touches."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="publications")
    """What it was published from."""
    version = models.PositiveIntegerField(default=0)
    """Number of the version."""
    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, related_name="publications")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="publications")
    """The body that answers for it."""
    slug = models.CharField(max_length=60, unique=True)
    """Its address, for ever: what a withdrawn notice had is given to no other."""
    title = models.CharField(max_length=300)
    signed_by = models.CharField(max_length=200)
    """The signature 落款."""
    signed_on = models.DateField()
    summary = models.CharField(max_length=300, blank=True)
    """The sentence that archives and feeds show."""
    html = models.TextField()
    """The body as a fragment of HTML that ``gongwen`` wrote; no script, no style, no address elsewhere."""
    text = models.TextField()
    """The same as plain text, one line per paragraph: what is searched, checked and read back."""
    data = models.JSONField(default=dict)
    """The same for machines, as ``zhenggai read --json`` gives it."""
    docx = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64)
    """SHA-256 of ``text`` in UTF-8, in hexadecimal; the trail names it."""
    answers_until = models.DateField(null=True, blank=True)
    """The last day on which answers are taken; open without end when empty."""
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=500, blank=True)
    """What the page says instead of the text."""
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        ordering: ClassVar[list[str]] = ["-published_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-published_at", "-id"], name="publication_newest")
        ]

    def __str__(self) -> str:
        return self.title


class PublishedFigure(models.Model):
    """A figure of a publication with what it rested on at that moment: read by the staff, never by the public."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="figures")
    order = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    """First character in the publication's text."""
    end = models.PositiveIntegerField()
    """Behind the last one."""
    quote = models.CharField(max_length=120)
    """The characters."""
    binding = models.ForeignKey(Binding, on_delete=models.PROTECT, null=True, blank=True, related_name="published")
    """What it is bound to; empty when it was let pass unbound."""
    given = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    """What the source gave."""
    as_of = models.DateTimeField(null=True, blank=True)
    """As of which moment: what the rows of a ledger are read as of, when somebody follows the figure."""
    rows = models.JSONField(default=list)
    """What it was counted from: ``[kind, key, words]`` of each; empty for figures of ledgers, which are read as of their moment."""

    class Meta:
        ordering: ClassVar[list[str]] = ["publication", "order"]
