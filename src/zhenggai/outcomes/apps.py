"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``outcomes``."""

    name = "zhenggai.outcomes"
    label = "outcomes"
    default_auto_field = "django.db.models.BigAutoField"
