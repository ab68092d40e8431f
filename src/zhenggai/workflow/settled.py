"""What is to be done at once when the lateness of a finding is over; rooms above this one say it here.

Each registers an act when Django is ready.  It runs once the act that settled the finding is committed, in a
transaction of its own, so that it can neither undo that act nor wait for its locks; what it misses the daily run does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db import transaction

from zhenggai.findings.models import Finding

Act = Callable[[int], object]
"""Takes the key of a finding."""

_acts: list[Act] = []


def when_settled(act: Act) -> None:
    """Add an act; once, however often it is registered."""
    if act not in _acts:
        _acts.append(act)


def settled(finding: Finding) -> None:
    """Say that *finding* was closed, kept for good, or got another deadline."""
    for act in _acts:
        transaction.on_commit(partial(act, finding.pk), robust=True)
