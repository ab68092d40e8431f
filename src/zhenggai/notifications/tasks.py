"""Sending what waits, in a worker process: woken by each act that told somebody something."""

from __future__ import annotations

import logging

from django.db import DatabaseError, connection, transaction
from django_tasks import task

from zhenggai.notifications.delivering import deliver_due, hand_on

logger = logging.getLogger("zhenggai.notifications")


@task()
def send_waiting() -> int:
    """Hand on new notifications and send what is due; return how many deliveries went out."""
    hand_on()
    return deliver_due()


def wake_on_commit() -> None:
    """Queue :func:`send_waiting` once the present transaction is committed; once, however often it is asked."""
    if not any(entry[1] is _wake for entry in connection.run_on_commit):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    try:
        send_waiting.enqueue()
    except DatabaseError:
        logger.exception("messages wait for the next round of the worker")
