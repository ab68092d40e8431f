"""What rules found in ledgers: runs, alerts with their history, letters drafted from them, settings, frozen figures, rebounds.

A rule is no row here: it is declared in a pack and known by the codes of its ledger and its own.  Alerts are the same
through all runs: an alert is known by its rule, its body and its *subject*, and follows the facts.  Only
``watch/actions`` and ``watch/running`` write.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.oversight.models import Letter
from zhenggai.people.models import Unit, User
from zhenggai.workflow.models import CloseOut, Criterion

CODE_LENGTH = 48
KEY_LENGTH = 200


class Severity(models.TextChoices):
    """How urgent an alert is; the codes are those of :class:`zhenggai.packs.declarations.Severity`."""

    YELLOW = "yellow", _("黄色")
    ORANGE = "orange", _("橙色")
    RED = "red", _("红色")


class Watched(models.Model):
    """A ledger of a body as it was judged last: the lock behind which two runs meet, and how far the last one saw."""

    ledger = models.CharField(max_length=CODE_LENGTH)
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField(null=True, blank=True)
    """For which moment the alerts stand; empty before the first run."""
    mark = models.CharField(max_length=120, blank=True)
    """How far the rows had come then; rows that come later are seen by its change."""
    asked_at = models.DateTimeField(null=True, blank=True)
    """When a run was asked for that has not begun; empty when none is."""
    day = models.DateField(null=True, blank=True)
    """The day of the last run: rules look at the calendar too."""

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["ledger", "body"], name="watched_once"),
        ]


class RuleRun(models.Model):
    """One run of the rules of a ledger over the rows of a body and all below."""

    class State(models.TextChoices):
        RUNNING = "running", _("运行中")
        DONE = "done", _("已完成")
        OUTDATED = "outdated", _("已有更新的结果")
        FAILED = "failed", _("失败")

    class Cause(models.TextChoices):
        CHANGE = "change", _("台账变动")
        DAILY = "daily", _("每日")
        ASKED = "asked", _("人工")

    ledger = models.CharField(max_length=CODE_LENGTH)
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rule_runs")
    cause = models.CharField(max_length=20, choices=Cause.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RUNNING)
    as_of = models.DateTimeField()
    """The moment whose rows and calendar were looked at."""
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveBigIntegerField(null=True, blank=True)
    """How many rows were looked at."""
    rules = models.JSONField(default=dict, blank=True)
    """Rule → ``hits unknown milliseconds error opened resolved reopened``."""
    error = models.JSONField(default=dict, blank=True)
    """Why the whole run failed, in words."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="rule_runs")
    """Who asked for it; empty when the system did."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ledger", "body", "state", "-id"], name="run_of_ledger"),
        ]


class Alert(models.Model):
    """Something that a rule says of a subject: one alert, however often the rule runs."""

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        ACKNOWLEDGED = "acknowledged", _("处理中")
        DISMISSED = "dismissed", _("已排除")
        RESOLVED = "resolved", _("已消除")

    ledger = models.CharField(max_length=CODE_LENGTH)
    rule = models.CharField(max_length=CODE_LENGTH)
    watch_body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    """The body for which the rules were run."""
    subject = models.CharField(max_length=KEY_LENGTH)
    """Of what: ``row:…``, ``group:…``, ``absent:…``, ``pair:…`` or ``value:…``."""
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="alerts")
    """The body that keeps the rows."""
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="alerts_about")
    """The unit or department it is about; the body where nothing says otherwise."""
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts_about")
    """Whom it is for, where the rule's recipient field names a person."""
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    title = models.CharField(max_length=300)
    """What it is about, in a few words."""
    message = models.CharField(max_length=1000)
    """What the rule says, in a sentence; personal data is masked."""
    facts = models.JSONField(default=dict, blank=True)
    """Field or name → value on which it rests; personal data is masked."""
    rows = models.JSONField(default=list, blank=True)
    """Ids of the rows on which it rests, the first of them."""
    row_count = models.PositiveIntegerField(default=1)
    """How many rows there are."""
    due_on = models.DateField(null=True, blank=True)
    """The last day, where the rule has one."""
    digest = models.CharField(max_length=32)
    """Of everything a run writes, by which it sees whether anything changed."""
    first_seen_at = models.DateTimeField()
    since = models.DateTimeField()
    """Since when it has been seen without a break."""
    last_seen_at = models.DateTimeField()
    """When it was last seen to change; while it is open every run sees it."""
    spells = models.PositiveIntegerField(default=1)
    """How often it came, counting its returns."""
    resolved_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Who took it in hand or dismissed it."""
    handled_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    """What that person said."""
    until = models.DateField(null=True, blank=True)
    """Of a dismissed one: the last day on which it stays so; empty for as long as the facts stay."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-since", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-since", "-id"], name="alert_by_state"),
            models.Index(fields=["unit", "state"], name="alert_of_unit"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["ledger", "watch_body", "rule", "subject"], name="alert_once"),
        ]

    def __str__(self) -> str:
        return self.title


OPEN_ALERTS = (Alert.State.OPEN, Alert.State.ACKNOWLEDGED)
"""States in which an alert stands in the way."""
LIVE_ALERTS = (*OPEN_ALERTS, Alert.State.DISMISSED)
"""States in which the facts are there."""


class AlertEvent(models.Model):
    """What became of an alert, and when."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("出现")
        ESCALATED = "escalated", _("升级")
        EASED = "eased", _("降级")
        RESOLVED = "resolved", _("消除")
        REOPENED = "reopened", _("再次出现")
        ACKNOWLEDGED = "acknowledged", _("开始处理")
        NOTED = "noted", _("补充说明")
        DISMISSED = "dismissed", _("排除")
        RESTORED = "restored", _("恢复")
        LETTER = "letter", _("起草函件")

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Empty when a run did."""
    run = models.ForeignKey(RuleRun, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    severity = models.CharField(max_length=10, choices=Severity.choices)
    """How urgent it was from then on."""
    text = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["alert", "-id"]


class AlertLetter(models.Model):
    """That a letter speaks of an alert."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="letter_links")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="alert_links")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["alert", "letter"], name="alert_letter_once"),
        ]


class RuleSetting(models.Model):
    """How a body runs a rule otherwise than its packs say; the newest row holds, all stay."""

    ledger = models.CharField(max_length=CODE_LENGTH)
    rule = models.CharField(max_length=CODE_LENGTH)
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rule_settings")
    enabled = models.BooleanField(null=True, blank=True)
    """Empty: as declared."""
    parameters = models.JSONField(default=dict, blank=True)
    """Parameter → value."""
    why = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["ledger", "rule", "body"],
                condition=models.Q(superseded_at__isnull=True),
                name="rule_setting_holds_once",
            ),
        ]


class IndicatorValue(models.Model):
    """The value of an indicator as it was when somebody froze it."""

    ledger = models.CharField(max_length=CODE_LENGTH)
    indicator = models.CharField(max_length=CODE_LENGTH)
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=20)
    """``2026``, ``2026-Q1``, ``2026-H1``, ``2026-03``, or empty for everything."""
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Only rows about this unit; all of the body's when empty."""
    as_of = models.DateTimeField()
    numerator = models.CharField(max_length=40, blank=True)
    """As the text of a number; empty when undefined."""
    denominator = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=40, blank=True)
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    frozen_at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ledger", "indicator", "body", "-id"], name="frozen_of_indicator"),
        ]


class Rebound(models.Model):
    """A condition that lapsed after its finding was closed 反弹."""

    class State(models.TextChoices):
        OPEN = "open", _("待研判")
        REOPENED = "reopened", _("已重新整改")
        RESOLVED = "resolved", _("已恢复")
        EXPLAINED = "explained", _("已说明")

    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="rebounds")
    close_out = models.ForeignKey(CloseOut, on_delete=models.PROTECT, related_name="rebounds")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    text = models.CharField(max_length=500)
    """What was seen."""
    count = models.PositiveIntegerField(null=True, blank=True)
    """How many alerts there were."""
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Empty when the condition came to hold again."""
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["criterion", "close_out"], condition=models.Q(state="open"), name="one_open_rebound"
            ),
        ]
