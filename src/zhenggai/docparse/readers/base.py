"""The door every reader comes through, ours and strangers' alike.

A reader is an object with a ``name``, the ``kinds`` of content it reads, and ``read``.  It is handed a
:class:`Source` whose kind was told from the bytes, never from the file name, and answers with a Document or raises an
error of :mod:`zhenggai.docparse.errors`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from zhenggai.docparse.document import Document
from zhenggai.docparse.readers.limits import Limits


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one file and what is known about them."""

    data: bytes
    """The whole file."""
    name: str
    """File name without folders, cleaned for messages."""
    kind: str
    """What the content is: ``txt html mht csv docx xlsx xlsb xls ods pdf doc wps rtf odt wordml sheetml`` …"""
    sha256: str
    """Hash of ``data``, hexadecimal."""
    text: str = ""
    """The decoded content where telling the kind already needed it."""
    encoding: str = ""
    """Encoding of ``text`` when it is filled."""
    encoding_note: str = ""
    """Why the encoding was chosen, when it was not obvious."""

    @property
    def suffix(self) -> str:
        """Ending of the name in lower case without the dot; a hint, never proof."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""


@runtime_checkable
class Reader(Protocol):
    """What a plug-in registers in the entry-point group ``zhenggai.readers``."""

    name: str
    """Stable identifier, e.g. ``docx``."""
    kinds: tuple[str, ...]
    """Kinds of content it reads."""

    def read(self, source: Source, limits: Limits) -> Document:
        """Return what *source* says.

        Raises:
            UnreadableFile: when the bytes cannot be read, or not within *limits*.
        """
        ...
