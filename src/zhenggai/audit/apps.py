"""Tells Django about the room, and keeps the trail's triggers in place."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class RoomConfig(AppConfig):
    """The room ``audit``."""

    name = "zhenggai.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Renew the triggers after every migration, since SQLite loses them when a table is rebuilt."""
        post_migrate.connect(_guard_trail, sender=self)


def _guard_trail(sender: AppConfig, using: str, **kwargs: Any) -> None:
    # Models cannot be imported before all rooms are loaded, and this module is loaded first.
    from zhenggai.audit import guards
    from zhenggai.audit.models import ChainHead, Entry

    connection = connections[using]
    if Entry._meta.db_table not in connection.introspection.table_names():
        return
    guards.install(connection)
    if not Entry.objects.using(using).exists():
        ChainHead.objects.using(using).get_or_create(pk=1)
