"""DuckDB as the lists of ledgers use it: in memory, bounded, and with no way to the network or to extensions.

Statements are made here and in :mod:`zhenggai.ledgers.readers` from declared codes; what people type travels as parameters.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

MEMORY = "1GB"
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

_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)\b")
_lock = threading.Lock()
_connection: duckdb.DuckDBPyConnection | None = None


_session: tuple[str, ...] = ()
_own = threading.local()


def cursor() -> duckdb.DuckDBPyConnection:
    """Return a new connection of the caller's own to the one database of this process."""
    made = _database().cursor()
    for statement in _session:
        made.execute(statement)
    return made


def _database() -> duckdb.DuckDBPyConnection:
    global _connection
    with _lock:
        if _connection is None:
            _connection = duckdb.connect(":memory:")
            for option in _OPTIONS:
                _connection.execute(option)
        return _connection


def begin_sessions(tables: Sequence[str], variables: Sequence[str]) -> None:
    """Make tables for all, and run *variables* for every connection from now on, since those are each connection's own."""
    global _session
    own = _database().cursor()
    for statement in tables:
        own.execute(statement)
    _session = tuple(variables)


def run(statement: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Return the rows of a statement; parameters that it does not speak of are left out.

    Each thread keeps its connection for as long as all connections begin alike.
    """
    asked = set(_PARAMETER.findall(statement))
    given = {code: value for code, value in (parameters or {}).items() if code in asked}
    kept: tuple[tuple[str, ...], duckdb.DuckDBPyConnection] | None = getattr(_own, "kept", None)
    if kept is None or kept[0] is not _session:
        kept = _own.kept = (_session, cursor())
    return kept[1].execute(statement, given).fetchall()


def name(text: str) -> str:
    """Return an identifier as it stands in a statement."""
    return '"' + text.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text of our own making (a path, a declared label) as it stands in a statement."""
    return "'" + value.replace("'", "''") + "'"
