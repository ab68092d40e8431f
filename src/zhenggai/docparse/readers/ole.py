"""Old compound files (OLE): which office program wrote them, and whether a password guards them."""

from __future__ import annotations

import io
import struct

import olefile  # type: ignore[import-untyped]  # ships no types

from zhenggai.docparse.errors import Corrupt, Encrypted, NotADocument, UnknownType

_WORD_ENCRYPTED = 0x0100
_BROKEN = (
    OSError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    struct.error,
    OverflowError,
    RecursionError,
)
"""What olefile raises on damaged compound files."""


class OleFile:
    """Streams of a compound file in memory."""

    def __init__(self, data: bytes, name: str) -> None:
        """Open *data*.

        Raises:
            Corrupt: the sector tables are damaged.
        """
        self.name = name
        try:
            self._ole = olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_FATAL)
            self.streams = {"/".join(parts).lower(): parts for parts in self._ole.listdir()}
        except _BROKEN as error:
            raise Corrupt(name=name, reason="复合文档结构不完整，文件可能被截断") from error

    def has(self, stream: str) -> bool:
        """Tell whether there is *stream* (lower case)."""
        return stream in self.streams

    def read(self, stream: str, most: int = -1) -> bytes:
        """Return the bytes of *stream*."""
        try:
            with self._ole.openstream(self.streams[stream]) as handle:
                return bytes(handle.read(most))
        except _BROKEN as error:
            raise Corrupt(name=self.name, reason="复合文档内部数据已损坏") from error


def kind_of_ole(data: bytes, name: str) -> str:
    """Return ``doc``, ``wps`` or ``xls`` for the compound file *data*.

    Raises:
        Encrypted: a password guards it.
        NotADocument: another program's file.
        Corrupt: damaged.
    """
    ole = OleFile(data, name)
    if ole.has("encryptedpackage") or ole.has("encryptioninfo"):
        raise Encrypted(name=name)
    if ole.has("worddocument"):
        head = ole.read("worddocument", 32)
        if len(head) < 12:
            raise Corrupt(name=name, reason="Word 正文流不完整")
        if struct.unpack_from("<H", head, 10)[0] & _WORD_ENCRYPTED:
            raise Encrypted(name=name)
        return "wps" if name.lower().endswith(".wps") else "doc"
    if ole.has("workbook") or ole.has("book"):
        return "xls"
    if ole.has("powerpoint document"):
        raise NotADocument(name=name, kind="演示文稿（PPT）")
    if any("__substg1.0_" in stream or "__properties_version1.0" in stream for stream in ole.streams):
        raise NotADocument(name=name, kind="邮件（MSG）")
    if not ole.streams:
        raise Corrupt(name=name, reason="复合文档里没有任何内容")
    raise UnknownType(name=name)
