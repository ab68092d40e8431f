"""What this room does once a day: remove uploads that nothing refers to."""

from __future__ import annotations

from datetime import date

from zhenggai.audit.actions import Actor
from zhenggai.files.actions import remove_unreferenced


def run_daily(today: date, *, since: date | None = None, actor: Actor) -> dict[str, int]:
    """Remove what was uploaded a day ago or earlier and belongs to no record; return how much.

    Args:
        today: the present day.
        since: the last day on which this was done.
        actor: on whose account it happens.
    """
    return {"removed": len(remove_unreferenced(actor=actor))}
