"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``workflow``."""

    name = "zhenggai.workflow"
    label = "workflow"
    default_auto_field = "django.db.models.BigAutoField"
