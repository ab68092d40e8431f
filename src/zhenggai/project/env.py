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
    mail_url: str
    """``ZHENGGAI_MAIL_URL``: ``smtp+tls://user:password@host:port?from=address``; empty sends no mail."""
    site_url: str
    """``ZHENGGAI_URL``: how people reach the platform, for links in messages, e.g. ``https://zg.example.internal``."""
    chat_hosts: tuple[str, ...]
    """``ZHENGGAI_CHAT_HOSTS``: hosts in the own network to which chat messages may go, separated by commas."""
    chat_titles: bool
    """``ZHENGGAI_CHAT_TITLES``: 1 puts titles into chat messages; otherwise they hold counts only."""
    public_only: bool = False
    """``ZHENGGAI_PUBLIC_ONLY``: 1 serves the public pages and nothing else; set by ``zhenggai serve --public-only``."""


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
        mail_url=os.environ.get("ZHENGGAI_MAIL_URL", "").strip(),
        site_url=_site("ZHENGGAI_URL"),
        chat_hosts=tuple(
            host.strip().lower() for host in os.environ.get("ZHENGGAI_CHAT_HOSTS", "").split(",") if host.strip()
        ),
        chat_titles=_flag("ZHENGGAI_CHAT_TITLES"),
        public_only=_flag("ZHENGGAI_PUBLIC_ONLY"),
    )


def _site(name: str) -> str:
    value = os.environ.get(name, "").strip().rstrip("/")
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc):
        raise BadSetting(name=name, value=value, reason="应形如 https://zg.example.internal")
    return value


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail goes out."""

    ready: bool = False
    """Whether a server is named at all."""
    host: str = "localhost"
    """The server."""
    port: int = 25
    """Its port."""
    user: str = ""
    """Name to sign in with there; empty for none."""
    password: str = ""
    """Password for it."""
    starttls: bool = False
    """Whether the connection goes over to TLS."""
    tls: bool = False
    """Whether it is TLS from the start."""
    sender: str = "zhenggai@localhost"
    """Address mail comes from."""


def mail_settings(env: Env) -> MailSettings:
    """Return how mail goes out: ``smtp`` in the clear, ``smtp+tls`` going over to TLS, ``smtps`` TLS from the start.

    Raises:
        BadSetting: the address cannot be understood.
    """
    if not env.mail_url:
        return MailSettings()
    parts = urlsplit(env.mail_url)
    shown, reason = _without_password(env.mail_url), "应形如 smtp+tls://user:password@host:587?from=zg@example.cn"
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    try:
        port = parts.port
    except ValueError as error:
        raise BadSetting(name="ZHENGGAI_MAIL_URL", value=shown, reason=reason) from error
    sender = dict(parse_qsl(parts.query)).get("from", "")
    if parts.scheme not in ports or not parts.hostname or "@" not in sender:
        raise BadSetting(name="ZHENGGAI_MAIL_URL", value=shown, reason=reason)
    return MailSettings(
        ready=True,
        host=parts.hostname,
        port=port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+tls",
        tls=parts.scheme == "smtps",
        sender=sender,
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
