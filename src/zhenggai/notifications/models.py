"""What people are told 通知: one row per person and matter, and how it went out to them.

Only ``notifications/actions.py`` writes here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhenggai.people.models import User


class Notification(models.Model):
    """Something one person was told."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    """Code from ``notifications.kinds``: by it people choose what reaches them where."""
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=500, blank=True)
    path = models.CharField(max_length=300)
    """Address below the root of the page where something can be done about it."""
    key = models.CharField(max_length=120, blank=True)
    """What it is about; the same key is not told twice while unread."""
    actor_name = models.CharField(max_length=60, blank=True)
    """Who caused it; empty for the system."""
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "read_at", "-id"], name="notification_of_user"),
        ]

    def __str__(self) -> str:
        return self.title
