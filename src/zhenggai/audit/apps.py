"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``audit``."""

    name = "zhenggai.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
