"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``intake``."""

    name = "zhenggai.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
