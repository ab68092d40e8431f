"""Typst templates and plain values → PDF bytes; values are data and never markup.

A template is Typst text of ours that reads ``json(bytes(sys.inputs.data))``.  What comes from people is only ever a
string in that data, so there is nothing to escape.  Compilers are kept: fonts are found and templates read once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from zhenggai.render.errors import CannotPrint

_lock = Lock()
_compilers: dict[Path, typst.Compiler] = {}


def render_pdf(template: Path, data: Mapping[str, Any], *, name: str = "") -> bytes:
    """Return *template*, filled with *data*, as PDF; the same input gives the same bytes.

    Args:
        template: file of Typst source; it may read beside itself and nowhere else.
        data: values of the kinds JSON knows.
        name: what is printed, for messages.

    Raises:
        CannotPrint: the paper could not be set.
    """
    with _lock:
        if template not in _compilers:
            _compilers[template] = typst.Compiler(input=template, root=template.parent)
        compiler = _compilers[template]
        try:
            made = compiler.compile(
                format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, timestamp=0
            )
        except typst.TypstError as error:
            raise CannotPrint(name=name, reason=str(error)) from error
    if not isinstance(made, bytes):
        raise CannotPrint(name=name, reason=type(made).__name__)
    return made


@cache
def installed_families() -> frozenset[str]:
    """Return the names of the families of type this computer has."""
    return frozenset(typst.Fonts().families())
