"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``referrals``."""

    name = "zhenggai.referrals"
    label = "referrals"
    default_auto_field = "django.db.models.BigAutoField"
