"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``people``."""

    name = "zhenggai.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
