"""The Jinja2 environment of the staff pages: autoescape, translation, and the helpers templates may call."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from zhenggai.web import words


def build_environment(**options: Any) -> Environment:
    """Return the environment that Django's Jinja2 backend asks for."""
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    options["extensions"] = ["jinja2.ext.i18n", "jinja2.ext.do"]
    environment = Environment(**options)
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by jinja2.ext.i18n
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    environment.globals.update(
        static=static,
        url=_url,
        messages_of=get_messages,
        due_words=words.due_words,
        days_ago=words.days_ago,
    )
    environment.filters.update(
        amount=words.amount,
        cells=words.cells,
        day=words.day,
        device=words.device,
        day_prose=words.day_prose,
        moment=words.moment,
        month=words.month,
        pairs=words.pairs,
        query_pairs=words.query_pairs,
        seconds=words.seconds,
        size=words.size,
        thousands=words.thousands,
        whole_days=words.whole_days,
    )
    return environment


def _url(name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs=kwargs or None)
