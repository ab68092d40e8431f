"""The acts of this room; see ``docs/notifications.md``."""

from zhenggai.notifications.actions.choosing import add_address, remove_address, send_test, set_preference
from zhenggai.notifications.actions.daily import run_once
from zhenggai.notifications.actions.deputies import appoint_deputy, end_deputy
from zhenggai.notifications.actions.telling import Item, mark_read, notify

__all__ = [
    "Item",
    "add_address",
    "appoint_deputy",
    "end_deputy",
    "mark_read",
    "notify",
    "remove_address",
    "run_once",
    "send_test",
    "set_preference",
]
