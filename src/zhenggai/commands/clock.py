"""A thread beside the worker that does what no act asks for: the day's work, notices and messages that are due, second tries."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from django.db import close_old_connections, connection
from django.utils import timezone

from zhenggai.answers.actions import take_in_waiting
from zhenggai.commands import tick
from zhenggai.notices.actions import publish_due
from zhenggai.notifications.delivering import deliver_due, hand_on
from zhenggai.notifications.queries import has_work
from zhenggai.portal.search import index_new

logger = logging.getLogger("zhenggai.clock")

EVERY_SECONDS = 15.0
PAUSE = timedelta(minutes=10)
"""How long a room whose work failed is left alone."""


class Clock(threading.Thread):
    """Looks again and again until the process ends; what fails is logged and tried again later."""

    def __init__(self, every: float = EVERY_SECONDS) -> None:
        """Prepare the thread; it dies with the process."""
        super().__init__(name="zhenggai-clock", daemon=True)
        self.every = every
        self.stopping = threading.Event()
        self.not_before: dict[str, datetime] = {}

    def run(self) -> None:
        """Look every few seconds."""
        while not self.stopping.wait(self.every):
            close_old_connections()
            self.look()
            close_old_connections()
        connection.close()

    def stop(self) -> None:
        """End after the present look."""
        self.stopping.set()

    def look(self) -> None:
        """Do what is due now."""
        try:
            for room in tick.rooms_to_run():
                self._run_room(room)
            publish_due()
            index_new()
            take_in_waiting()
            if has_work():
                hand_on()
                deliver_due()
        except Exception:
            # Whatever goes wrong, the next look must come: nobody restarts a thread.
            logger.exception("the clock stumbled")

    def _run_room(self, room: str) -> None:
        now = timezone.now()
        if now < self.not_before.get(room, now):
            return
        try:
            tick.run_room(room, timezone.localdate())
        except Exception:
            # As above; the other rooms do their work meanwhile.
            logger.exception("daily work of %s failed", room)
            self.not_before[room] = now + PAUSE
