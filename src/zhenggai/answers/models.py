"""What the public answered to a notice, and what was said back: see ``docs/answers.md``.

Only ``answers/actions`` and ``answers/limits.py`` write here. Nothing is deleted but what says who answered.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhenggai.files.models import StoredFile
from zhenggai.notices.models import Publication
from zhenggai.people.models import Unit, User
from zhenggai.referrals.models import Petition


class Answer(models.Model):
    """An answer to a notice 公众意见."""

    class Kind(models.TextChoices):
        OPINION = "opinion", _("意见建议")
        REPORT = "report", _("反映问题")
        QUESTION = "question", _("咨询")

    class State(models.TextChoices):
        RECEIVED = "received", _("已收到")
        TOLD = "told", _("已告知受理")
        ANSWERED = "answered", _("已答复")
        SET_ASIDE = "set_aside", _("不予办理")

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="answers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="answers")
    """The body that answers for the notice."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    about = models.CharField(max_length=200, blank=True)
    """Which problem of the notice it is about, in the public's words."""
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    received_at = models.DateTimeField()
    tell_by = models.DateField()
    """Until when the public is told that it was received, and where it went."""
    answer_by = models.DateField()
    """Until when it is answered."""
    told_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    set_aside_why = models.CharField(max_length=300, blank=True)
    """Shown under the receipt code."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was answered or set aside: from then on the time runs after which contact data is deleted."""
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    petition = models.OneToOneField(Petition, on_delete=models.PROTECT, null=True, blank=True, related_name="answer")
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    """The earlier answer that says the same and with which it is dealt with."""
    receipt = models.CharField(max_length=64, unique=True)
    """SHA-256 of the receipt code; the code itself is kept nowhere."""
    form = models.CharField(max_length=64, unique=True)
    """SHA-256 of the form's number: a form sent twice is taken once."""
    fingerprint = models.CharField(max_length=64, db_index=True)
    """What is equal in answers that say the same but for spaces, width and signs."""
    contact = models.TextField(blank=True)
    """Name, phone and address of mail, sealed; see ``answers/sealing.py``."""
    contact_erased_at = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(max_length=64, blank=True)
    """A keyed mark of the network address, other each week; erased with the contact data."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "state", "-received_at"], name="answer_by_state"),
            models.Index(fields=["publication", "received_at"], name="answer_of_publication"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Word(models.Model):
    """Something said about an answer after it came: by the public, or back to it."""

    class Kind(models.TextChoices):
        SUPPLEMENT = "supplement", _("补充")
        TOLD = "told", _("告知受理")
        PROGRESS = "progress", _("办理进展")
        ANSWER = "answer", _("答复")

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="words")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Empty when the public said it. Never shown to the public."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class PublicFile(models.Model):
    """A file that the public sent along."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.name


class Spent(models.Model):
    """How much of a limit was used, since when: for all, or for a mark of a network address."""

    key = models.CharField(max_length=100, unique=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()
    """When counting begins anew."""

    class Meta:
        verbose_name_plural = "spent"

    def __str__(self) -> str:
        return self.key
