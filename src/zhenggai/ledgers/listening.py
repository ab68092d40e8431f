"""Rooms above that follow what happens in ledgers: told after the commit, once for each act and ledger.

A listener takes the code of the ledger.  What goes wrong in it is logged by Django and never undoes the act.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db import transaction

Listener = Callable[[str], object]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Tell *listener* of every change of rows or of the files beside them from now on."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_on_commit(ledger: str) -> None:
    """Tell all listeners that a ledger changed, once the present transaction is committed."""
    for listener in _listeners:
        transaction.on_commit(partial(listener, ledger), robust=True)
