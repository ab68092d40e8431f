"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``notices``."""

    name = "zhenggai.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
