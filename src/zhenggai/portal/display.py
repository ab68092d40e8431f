"""How a reader wants the pages shown: carried in the address, so that nothing is kept about anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SIZES: Mapping[str, Promise] = {"": pgettext_lazy("display", "标准"), "large": _("大"), "larger": _("特大")}
CONTRASTS: Mapping[str, Promise] = {"": pgettext_lazy("display", "标准"), "high": _("高对比")}


@dataclass(frozen=True, slots=True)
class Display:
    """Size of the type and contrast; empty words are the standard."""

    size: str = ""
    """``large`` or ``larger``."""
    contrast: str = ""
    """``high``."""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What an address says of it."""
        return tuple(pair for pair in (("size", self.size), ("contrast", self.contrast)) if pair[1])

    @property
    def classes(self) -> str:
        """Classes of the page."""
        return " ".join(f"{name}-{value}" for name, value in self.pairs)

    def address(self, path: str, **query: object) -> str:
        """Return *path* with *query*, shown the same way."""
        asked = [(name, str(value)) for name, value in query.items() if value not in ("", None)]
        asked += self.pairs
        return f"{path}?{urlencode(asked)}" if asked else path


def read_display(query: Mapping[str, str]) -> Display:
    """Return what an address asks for; what it does not know is the standard."""
    size, contrast = query.get("size", ""), query.get("contrast", "")
    return Display(size if size in SIZES else "", contrast if contrast in CONTRASTS else "")
