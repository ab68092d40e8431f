"""The search index of what was published. What is public itself stands in :class:`zhenggai.notices.models.Publication`."""

from __future__ import annotations

from django.db import models

from zhenggai.notices.models import Publication


class PublishedText(models.Model):
    """The normal form of a publication's title and text; beside it each database keeps an index of character pairs."""

    publication = models.OneToOneField(
        Publication, on_delete=models.CASCADE, primary_key=True, related_name="search_text"
    )
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:60]
