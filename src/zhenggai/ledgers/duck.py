"""DuckDB as the lists of ledgers use it: in memory, bounded, and with no way to the network or to extensions.

Statements are made here and in :mod:`zhenggai.ledgers.readers` from declared codes; what people type travels as parameters.
"""

from __future__ import annotations

import threading

import duckdb

MEMORY = "512MB"
THREADS = 2
_OPTIONS = (
    f"SET memory_limit = '{MEMORY}'",
    f"SET threads = {THREADS}",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET TimeZone = 'Asia/Shanghai'",
    "SET lock_configuration = true",
)

_lock = threading.Lock()
_connection: duckdb.DuckDBPyConnection | None = None


def cursor() -> duckdb.DuckDBPyConnection:
    """Return a connection of the caller's own to the one database of this process."""
    global _connection
    with _lock:
        if _connection is None:
            _connection = duckdb.connect(":memory:")
            for option in _OPTIONS:
                _connection.execute(option)
        return _connection.cursor()


def name(text: str) -> str:
    """Return an identifier as it stands in a statement."""
    return '"' + text.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text of our own making (a path, a declared label) as it stands in a statement."""
    return "'" + value.replace("'", "''") + "'"
