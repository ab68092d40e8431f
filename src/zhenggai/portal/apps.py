"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``portal``."""

    name = "zhenggai.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
