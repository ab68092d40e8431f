"""What is to be done at once when the lateness of a finding is over; rooms above this one say it here.

Each registers an act when Django is ready.  It runs once the act that settled the finding is committed, in a
transaction of its own, so that it can neither undo that act nor wait for its locks; what it misses the daily run does.
Acts are registered by their dotted names and imported when they are due, since a command need not load every room.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils.module_loading import import_string

from zhenggai.findings.models import Finding

_acts: list[str] = []


def when_settled(act: str) -> None:
    """Add the act of this name, which takes the key of a finding; once, however often it is registered."""
    if act not in _acts:
        _acts.append(act)


def settled(finding: Finding) -> None:
    """Say that *finding* was closed, kept for good, or got another deadline."""
    for act in _acts:
        transaction.on_commit(partial(import_string(act), finding.pk), robust=True)
