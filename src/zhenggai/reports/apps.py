"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``reports``."""

    name = "zhenggai.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
