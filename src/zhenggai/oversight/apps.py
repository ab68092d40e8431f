"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``oversight``."""

    name = "zhenggai.oversight"
    label = "oversight"
    default_auto_field = "django.db.models.BigAutoField"
