"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``ledgers``."""

    name = "zhenggai.ledgers"
    label = "ledgers"
    default_auto_field = "django.db.models.BigAutoField"
