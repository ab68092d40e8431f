"""Acts of several people at the same moment, on a database that locks as in real life."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from django.db import connection, connections

from zhenggai.kit.errors import ZhenggaiError


@contextmanager
def database_on_disk(folder: Path, name: str = "test.sqlite3") -> Iterator[None]:
    """Put SQLite's test database into a file meanwhile: its shared memory refuses at once instead of waiting."""
    if connection.vendor != "sqlite":
        yield
        return
    memory, settings = connections["default"], connections.settings["default"]
    on_disk = {**settings, "NAME": str(folder / name)}
    memory.ensure_connection()
    with closing(sqlite3.connect(on_disk["NAME"])) as copy:
        memory.connection.backup(copy)
    connections.settings["default"] = on_disk
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"], connections.settings["default"] = memory, settings


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run *acts* in threads that start together; return what each answered or raised."""
    answers: list[Any] = [None] * len(acts)
    barrier = Barrier(len(acts))

    def run(index: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            answers[index] = act()
        except ZhenggaiError as error:
            answers[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
