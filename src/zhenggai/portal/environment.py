"""The Jinja2 environment of the public pages: autoescape, translation, dates in words; no request, no session."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.templatetags.static import static
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined

from zhenggai.kit.text import plain_text


def build_environment(**options: Any) -> Environment:
    """Return the environment that Django's Jinja2 backend asks for."""
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    options["extensions"] = ["jinja2.ext.i18n"]
    environment = Environment(**options)
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by jinja2.ext.i18n
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    environment.globals.update(static=static)
    environment.filters.update(day=day, day_prose=day_prose, iso=iso, plain=plain_text, size=size)
    return environment


def day(value: date | datetime | None) -> str:
    """Return a date for tables: ``2025-01-16``."""
    return _local(value).isoformat() if value else ""


def day_prose(value: date | datetime | None) -> str:
    """Return a date for prose: ``2025年1月16日``."""
    if value is None:
        return ""
    told = _local(value)
    return f"{told.year}年{told.month}月{told.day}日"


def iso(value: datetime | None) -> str:
    """Return a moment for machines, in local time."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value else ""


def size(value: int) -> str:
    """Return how large a file is."""
    return f"{value / 1024 / 1024:.1f} MB" if value >= 1024 * 1024 else f"{max(1, round(value / 1024))} KB"


def _local(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
