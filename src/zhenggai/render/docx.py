"""Templates and plain values → .docx bytes, so that no value can act: text stays text, and a template sees no objects.

What comes in is a .docx with Jinja marks, which an office may write in Word, and values of plain kinds; what goes out
are bytes.  The same values and template give the same text.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError

from zhenggai.kit.text import printable
from zhenggai.render.errors import BadTemplate, TooMuchFilled

Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]

_BROKEN = (
    TemplateError, PackageNotFoundError, XMLSyntaxError, zipfile.BadZipFile,
    ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip
"""What a file that is no template raises, and what the expressions of one may raise, which is anything of the kind."""


_FILTERS = (
    "join", "length", "count", "default", "first", "last", "trim", "truncate", "round", "int", "upper", "lower", "e", "escape",
)  # fmt: skip
MOST_CHARACTERS = 40_000_000
"""Characters of XML one part may grow to; a paper of a thousand findings stays below three million."""
MOST_SECONDS = 60.0
"""How long the marks of one part may take."""


class _Bounded(ImmutableSandboxedEnvironment):
    """A sandbox without functions, with few filters, that stops what grows without end."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals = {}
        self.filters = {name: FILTERS[name] for name in _FILTERS}
        self._until = time.monotonic() + MOST_SECONDS

    def concat(self, pieces: Iterable[str]) -> str:
        """Join what a template yields, and stop when it is too much or takes too long."""
        kept: list[str] = []
        size = 0
        for piece in pieces:
            kept.append(piece)
            size += len(piece)
            if size > MOST_CHARACTERS or (not len(kept) % 1000 and time.monotonic() > self._until):
                raise TooMuchFilled
        return "".join(kept)


def fill_docx(template: bytes, values: Mapping[str, Value], *, name: str = "") -> bytes:
    """Return *template* with its marks filled.

    Args:
        template: bytes of a .docx with Jinja marks.
        values: name → plain value; lists and mappings of plain values too.
        name: what the template is called, for messages.

    Raises:
        BadTemplate: it is no .docx, or its marks cannot be filled.
        TooMuchFilled: it grows, or takes, beyond what a paper may.
    """
    environment = _Bounded()
    filled, given = io.BytesIO(), plain(values)
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render(given, environment, autoescape=True)
        document.save(filled)
    except _BROKEN as error:
        raise BadTemplate(name=name, reason=str(error) or type(error).__name__) from error
    return filled.getvalue()


def plain(value: Any) -> Any:
    """Return *value* as a template may see it: text without characters nobody sees, numbers, lists and mappings of them.

    Raises:
        TypeError: it is something else.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [plain(each) for each in value]
    raise TypeError(f"a template takes plain values, not {type(value).__name__}")
