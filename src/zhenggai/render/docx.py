"""Templates and plain values → .docx bytes, so that no value can act: text stays text, and a template sees no objects.

What comes in is a .docx with Jinja marks, which an office may write in Word, and values of plain kinds; what goes out
are bytes.  The same values and template give the same text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError

from zhenggai.render.errors import BadTemplate

Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")

_BROKEN = (
    TemplateError, PackageNotFoundError, XMLSyntaxError, zipfile.BadZipFile,
    ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip
"""What a file that is no template raises, and what the expressions of one may raise, which is anything of the kind."""


def fill_docx(template: bytes, values: Mapping[str, Value], *, name: str = "") -> bytes:
    """Return *template* with its marks filled.

    Args:
        template: bytes of a .docx with Jinja marks.
        values: name → plain value; lists and mappings of plain values too.
        name: what the template is called, for messages.

    Raises:
        BadTemplate: it is no .docx, or its marks cannot be filled.
    """
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    filled, given = io.BytesIO(), plain(values)
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render(given, environment, autoescape=True)
        document.save(filled)
    except _BROKEN as error:
        raise BadTemplate(name=name, reason=str(error) or type(error).__name__) from error
    return filled.getvalue()


def plain(value: Any) -> Any:
    """Return *value* as a template may see it: text without control characters, numbers, lists and mappings of them.

    Raises:
        TypeError: it is something else.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [plain(each) for each in value]
    raise TypeError(f"a template takes plain values, not {type(value).__name__}")
