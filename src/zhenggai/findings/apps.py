"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``findings``."""

    name = "zhenggai.findings"
    label = "findings"
    default_auto_field = "django.db.models.BigAutoField"
