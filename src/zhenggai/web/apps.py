"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``web``."""

    name = "zhenggai.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
