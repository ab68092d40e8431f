"""Rooms above that follow what happens in ledgers: told after the commit, once for each act and ledger.

A listener takes the code of the ledger.  What goes wrong in it is logged by Django and never undoes the act.  It is
registered by its dotted name and imported when there is something to tell, since a command need not load every room.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils.module_loading import import_string

_listeners: list[str] = []


def listen(listener: str) -> None:
    """Tell the function named *listener* of every change of rows, of the files beside them, or of what is declared, from now on."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_on_commit(ledger: str) -> None:
    """Tell all listeners that a ledger changed, once the present transaction is committed."""
    for listener in _listeners:
        transaction.on_commit(partial(import_string(listener), ledger), robust=True)
