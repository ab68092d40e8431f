"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``files``."""

    name = "zhenggai.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
