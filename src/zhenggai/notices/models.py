"""What is made public of a round: see ``docs/notices.md``.

Only ``notices/actions.py`` writes here, and nothing is ever deleted.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenggai.files.models import StoredFile
from zhenggai.findings.models import InspectionRound
from zhenggai.people.models import Unit, User


class Publication(models.Model):
    """A notice as the public reads it 公开文本: a copy that no later change of the record or of the draft touches."""

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
