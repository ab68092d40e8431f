"""The few settings an operator gives, read once from the environment, each with default, sentence and check."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from zhenggai.kit.errors import DeclarationError

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728;"
)


class BadSetting(DeclarationError):
    """An environment variable holds a value that cannot be used."""

    code = "project.BadSetting"
    what = "环境变量 %(name)s 的值“%(value)s”无法使用：%(reason)s。"
    where = "环境变量 %(name)s"
    todo = "请改正该环境变量后重新启动。"


@dataclass(frozen=True, slots=True)
class Env:
    """What the operator decided."""

    home: Path
    """``ZHENGGAI_HOME``: the one data folder; default ``./data``."""
    database_url: str
    """``DATABASE_URL``: ``postgresql://user:password@host:port/name``; empty uses SQLite in the data folder."""
    debug: bool
    """``ZHENGGAI_DEBUG``: 1 shows tracebacks; never on a server that others reach."""
    hosts: tuple[str, ...]
    """``ZHENGGAI_HOSTS``: names the server answers to, separated by commas."""
    secure: bool
    """``ZHENGGAI_SECURE``: 1 when people reach the server by https, so that cookies are sent only there."""
    trusted_proxies: int
    """``ZHENGGAI_TRUSTED_PROXIES``: how many reverse proxies stand in front and may be believed; default 0."""
    max_upload_mb: int
    """``ZHENGGAI_MAX_UPLOAD_MB``: largest uploaded file in MB; default 100."""


def _without_password(address: str) -> str:
    return re.sub(r"(?<=:)[^:@/]+(?=@)", "***", address)


def _flag(name: str) -> bool:
    value = os.environ.get(name, "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise BadSetting(name=name, value=value, reason="应为 0 或 1")


def _number(name: str, default: int, least: int, most: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise BadSetting(name=name, value=value, reason=f"应为 {least} 至 {most} 之间的整数")
    return int(value)


def read_env() -> Env:
    """Return the settings of this process.

    Raises:
        BadSetting: a variable holds a value that cannot be used.
    """
    return Env(
        home=Path(os.environ.get("ZHENGGAI_HOME") or "data").expanduser().resolve(),
        database_url=os.environ.get("DATABASE_URL", "").strip(),
        debug=_flag("ZHENGGAI_DEBUG"),
        hosts=tuple(
            host.strip()
            for host in os.environ.get("ZHENGGAI_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
            if host.strip()
        ),
        secure=_flag("ZHENGGAI_SECURE"),
        trusted_proxies=_number("ZHENGGAI_TRUSTED_PROXIES", 0, 0, 10),
        max_upload_mb=_number("ZHENGGAI_MAX_UPLOAD_MB", 100, 1, 2048),
    )


def database_settings(env: Env) -> dict[str, object]:
    """Return Django's settings for the one database: SQLite in WAL mode, or what ``DATABASE_URL`` names.

    Raises:
        BadSetting: the address is not one of PostgreSQL.
    """
    if not env.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": env.home / "zhenggai.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": SQLITE_PRAGMAS,
            },
        }
    parts = urlsplit(env.database_url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadSetting(
            name="DATABASE_URL",
            value=_without_password(env.database_url),
            reason="应形如 postgresql://user:password@host:port/name",
        )
    options: dict[str, object] = dict(parse_qsl(parts.query))
    # Pages ask small questions: compiling or dividing them costs more than answering (benchmarks/bench_pages.py).
    options.setdefault("options", "-c jit=off -c max_parallel_workers_per_gather=0")
    host = unquote(parts.hostname or "") or str(options.pop("host", ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
