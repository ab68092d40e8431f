"""Letters 督办函件: what presses for late findings, by a ladder, and how it was received and answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.people.models import Unit, User


class LetterKind(models.TextChoices):
    """Kinds of letters, from the mildest; ``policy.profile.LETTERS`` names those that press for findings."""

    REMINDER = "reminder", _("提醒函")
    SUPERVISION_ORDER = "supervision_order", _("督办单")
    CIRCULAR = "circular", _("通报")
    TALK_RECORD = "talk_record", _("约谈记录")
    DECLARED = "declared", _("业务函件")
    """Worded by a pack for what a ledger shows; ``paper`` says what it is called."""


LADDER_LETTERS = tuple(kind for kind in LetterKind if kind != LetterKind.DECLARED)
"""Kinds that press for findings and that people draft by hand."""


class LetterState(models.TextChoices):
    """Where a letter stands; moves are listed in ``oversight.transitions``."""

    DRAFT = "draft", _("草稿")
    TO_SIGN = "to_sign", _("待签发")
    ISSUED = "issued", _("已签发")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_LETTERS = (LetterState.DRAFT, LetterState.TO_SIGN)
"""States before a letter is out."""
SENT_LETTERS = (LetterState.ISSUED, LetterState.CLOSED)
"""States of a letter that is out."""


class Letter(models.Model):
    """One letter, from its draft to its answer."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="letters")
    """The body that sends it."""
    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, null=True, blank=True, related_name="letters")
    kind = models.CharField(max_length=20, choices=LetterKind.choices)
    paper = models.CharField(max_length=60, blank=True)
    """Of a declared kind: what it is called, 办案期限提示函."""
    serial = models.CharField(max_length=60, blank=True)
    """Of a declared kind: the word in its number."""
    state = models.CharField(max_length=20, choices=LetterState.choices, default=LetterState.DRAFT)
    number = models.CharField(max_length=60, blank=True)
    """示例整改提醒〔2026〕3号; given when it is issued."""
    title = models.CharField(max_length=200)
    body = models.TextField()
    """One paragraph per line."""
    signature = models.CharField(max_length=120)
    """In whose name it is sent."""
    cc = models.CharField(max_length=300, blank=True)
    """抄送."""
    template = models.CharField(max_length=40, blank=True)
    """Which version of which wording it was drafted from."""
    is_edited = models.BooleanField(default=False)
    """Whether a person changed the words; then nobody else writes them anew."""
    is_stale = models.BooleanField(default=False)
    """Whether its findings changed after a person wrote the words."""
    is_due = models.BooleanField(default=False)
    """Whether the ladder of deadlines drafted it."""
    reply_due_on = models.DateField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    """The day of the talk, of a record of one."""
    place = models.CharField(max_length=120, blank=True)
    """Where the talk was."""
    version = models.PositiveIntegerField(default=1)
    """Counts the changes; a form carries it, so that two people cannot overwrite each other unnoticed."""
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Empty while nobody but the ladder has written it."""
    drafted_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_why = models.CharField(max_length=500, blank=True)
    """Why it came back unsigned the last time."""
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_for = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Whom the signer acted for, when they did."""
    signed_at = models.DateTimeField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_note = models.CharField(max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "state", "-id"], name="letter_by_state"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["number"], condition=~models.Q(number=""), name="letter_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def kind_label(self) -> str:
        """What people call a letter of its kind."""
        return self.paper or str(LetterKind(self.kind).label)


class LetterItem(models.Model):
    """A finding that a letter presses for, as it stood then."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="items")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="letter_items")
    due_on = models.DateField(null=True, blank=True)
    """The deadline that was missed."""
    period_on = models.DateField(null=True, blank=True)
    """The day from which it counts as late: the deadline, or the day it was reopened after it."""
    days_over = models.PositiveIntegerField(default=0)
    """Days over when it was put into the letter."""
    step = models.CharField(max_length=20, blank=True)
    """The step of the ladder that put it there; it stays when a person chooses another kind of letter."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """Set when it was settled before the letter went out, or taken out by a person."""

    class Meta:
        ordering: ClassVar[list[str]] = ["letter", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["finding", "period_on", "step"], condition=~models.Q(step=""), name="one_letter_per_step"
            ),
        ]


class LetterRecipient(models.Model):
    """A unit or person to whom a letter goes, and when it was received."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="recipients")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="letters_received")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="letters_received")
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["letter", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False, person__isnull=True)
                | models.Q(unit__isnull=True, person__isnull=False),
                name="recipient_is_unit_or_person",
            ),
            models.UniqueConstraint(fields=["letter", "unit"], name="letter_to_unit_once"),
            models.UniqueConstraint(fields=["letter", "person"], name="letter_to_person_once"),
        ]

    def __str__(self) -> str:
        return str(self.unit or self.person or "")


class LetterReply(models.Model):
    """What a recipient answered; an answer that does not suffice goes back with a reason, and another follows."""

    recipient = models.ForeignKey(LetterRecipient, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    is_recorded = models.BooleanField(default=False)
    """Whether the office entered an answer that came on paper."""
    at = models.DateTimeField(auto_now_add=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    returned_why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["recipient", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["recipient"], condition=models.Q(returned_at__isnull=True), name="one_standing_reply"
            ),
        ]
