"""Uploaded bytes, kept once by their SHA-256 below ``ZHENGGAI_HOME/files``; rows here say what they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StoredFile(models.Model):
    """A file by content. Two uploads of the same bytes share one row."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    """Typed by content, never by the name it came with."""
    name = models.CharField(max_length=200)
    """The name it first came with, cleaned."""
    stored_at = models.DateTimeField(auto_now_add=True)
    stored_by_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.name
