"""What every entry of a register 登记簿 has, whatever it is about. No table of its own: rooms build theirs on it."""

from __future__ import annotations

from django.db import models

from zhenggai.files.models import StoredFile
from zhenggai.findings.models import InspectionRound
from zhenggai.people.models import Unit, User


class RegisterEntry(models.Model):
    """An entry that people keep by hand beside the record: of a body, perhaps of a round, with one file."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    """The body whose register it stands in."""
    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The round it belongs to; empty when it belongs to none."""
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="%(app_label)s_%(class)s_entries"
    )
    """Its paper: minutes, the rule's text, a receipt."""
    file_name = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    """Counts the changes; a form carries it, so that two people cannot overwrite each other unnoticed."""
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Empty when the operator at the server did."""
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """Set when it was entered wrongly; entries are never deleted."""
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
