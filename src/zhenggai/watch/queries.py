"""What pages, commands and other rooms may ask of this room."""

from zhenggai.watch.access import (
    access_alert,
    access_rebound,
    may_on,
    reached_bodies,
    seen_bodies,
    visible_alerts,
    visible_rebounds,
    visible_runs,
    watched_bodies,
    watched_body_of,
)

__all__ = [
    "access_alert",
    "access_rebound",
    "may_on",
    "reached_bodies",
    "seen_bodies",
    "visible_alerts",
    "visible_rebounds",
    "visible_runs",
    "watched_bodies",
    "watched_body_of",
]
