"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``answers``."""

    name = "zhenggai.answers"
    label = "answers"
    default_auto_field = "django.db.models.BigAutoField"
