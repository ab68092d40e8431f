"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``notifications``."""

    name = "zhenggai.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
