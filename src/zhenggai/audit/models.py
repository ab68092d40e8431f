"""The append-only trail: who did what to which thing, when, chained by hash.

Entries hold no foreign key: ids, names and labels are copied, so that the trail outlives everything it speaks of.
Only :func:`zhenggai.audit.actions.record` writes here, inside the transaction of the act it records.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ChainHead(models.Model):
    """The end of the chain, one row (id 1); locked while an entry is appended so that entries never fork."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_sequence = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="")


class Entry(models.Model):
    """One act. ``hash`` covers every other field and the hash before it."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor_id = models.CharField(max_length=40, blank=True, db_index=True)
    actor_name = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=80, db_index=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    object_label = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)
    origin = models.CharField(max_length=80, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["sequence"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["object_type", "object_id", "sequence"], name="audit_by_object"),
        ]
