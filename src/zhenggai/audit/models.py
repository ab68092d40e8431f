"""The append-only trail: who did what to which thing, when, chained by hash.

Entries hold no foreign key: ids, names and labels are copied, so that the trail outlives everything it speaks of.
Only :func:`zhenggai.audit.actions.record` writes here, inside the transaction of the act it records.  The model
refuses every change and removal, and so do the triggers of :mod:`zhenggai.audit.guards` in the database itself.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from zhenggai.audit.errors import TrailIsAppendOnly


class ChainHead(models.Model):
    """The end of the chain, one row (id 1); locked while an entry is appended so that entries never fork."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_sequence = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="")


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads only."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TrailIsAppendOnly

    def delete(self) -> NoReturn:
        """Refuse."""
        raise TrailIsAppendOnly

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: entries are chained one by one."""
        raise TrailIsAppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TrailIsAppendOnly


class Entry(models.Model):
    """One act. ``hash`` covers every other field and the hash before it."""

    sequence = models.BigIntegerField(primary_key=True)
    """Counts from 1 without gaps."""
    at = models.DateTimeField(db_index=True)
    actor_id = models.CharField(max_length=40, blank=True, db_index=True)
    """Empty when the system itself or an operator at the server acted."""
    actor_name = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=80, db_index=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    object_label = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)
    """What changed, before and after; plain JSON values, no fractions (they are written as text)."""
    origin = models.CharField(max_length=80, blank=True)
    """Network address, or the command, from which the act came."""
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    objects: ClassVar[models.Manager[Entry]] = models.Manager.from_queryset(EntryQuerySet)()

    class Meta:
        ordering: ClassVar[list[str]] = ["sequence"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["object_type", "object_id", "sequence"], name="audit_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.code}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert a new entry; refuse to change one that stands."""
        if not self._state.adding:
            raise TrailIsAppendOnly
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TrailIsAppendOnly
