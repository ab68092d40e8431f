"""Documents understood: file → :class:`Document` → :class:`Draft`.

    read_document(path)      bytes of any supported format to a Document   (readers/)
    understand(document)     a Document to a Draft                          (understand/)
    read_draft(path)         both

Plain Python: no Django, no settings, no clock, no network.
"""

from __future__ import annotations

from pathlib import Path

from zhenggai.docparse.document import Document
from zhenggai.docparse.draft import Draft
from zhenggai.docparse.reading import read_document
from zhenggai.docparse.understand import understand

__all__ = ["read_document", "read_draft", "understand"]


def read_draft(source: Path | str | bytes, *, name: str = "", explain: bool = False) -> tuple[Document, Draft]:
    """Return what a file says and what it means.

    Args:
        source: path of the file, or its bytes.
        name: file name for messages, when *source* is bytes.
        explain: also give the reason of each decision.

    Raises:
        UnreadableFile: see :func:`read_document`.
    """
    document = read_document(source, name=name)
    return document, understand(document, explain=explain)
