"""Sentences for people made where nothing knows how to translate them: a format with named slots, filled late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Translate = Callable[[str], str]


def gettext_noop(text: str) -> str:
    """Return *text* as it is; the call marks it for the catalogue, and whoever shows it translates it."""
    return text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A format and what goes into its slots."""

    format: str
    """Chinese source text with ``%(name)s`` slots, marked with :func:`gettext_noop` where it stands."""
    slots: Mapping[str, object] = field(default_factory=dict)
    """Plain values, or further sentences."""

    def describe(self, translate: Translate = gettext_noop) -> str:
        """Return the sentence in words, with each format passed through *translate* first."""
        filled = {
            name: value.describe(translate) if isinstance(value, Sentence) else value
            for name, value in self.slots.items()
        }
        return translate(self.format) % filled if filled else translate(self.format)
