"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``policy``."""

    name = "zhenggai.policy"
    label = "policy"
    default_auto_field = "django.db.models.BigAutoField"
