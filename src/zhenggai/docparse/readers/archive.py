"""Zip containers opened with distrust: counted, weighed and bounded before anything is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from types import TracebackType

from lxml import etree

from zhenggai.docparse.errors import Corrupt, DangerousArchive, DangerousXml, Encrypted, TooDeep, TooMuch
from zhenggai.docparse.readers.limits import MEBI, Limits, human_size

_SMALL = 32 * MEBI
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    OSError,
    NotImplementedError,
    ValueError,
    OverflowError,
)
"""What the standard library raises on damaged archives; OSError because the bytes stand in memory."""


class Archive:
    """Read-only access to the members of a zip file in memory."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        """Open *data* and check the directory.

        Raises:
            Corrupt: no readable directory.
            Encrypted: members are protected.
            DangerousArchive: too many members, or they unpack to too much.
        """
        self.name = name
        self.limits = limits
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise Corrupt(name=name, reason="压缩结构不完整，文件可能被截断") from error
        infos = self._zip.infolist()
        if len(infos) > limits.max_entries:
            raise DangerousArchive(name=name, reason=f"内含 {len(infos)} 个部分")
        unpacked = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos)
        if unpacked > limits.max_unpacked:
            raise DangerousArchive(name=name, reason=f"展开后 {human_size(unpacked)}")
        if unpacked > _SMALL and unpacked > limits.max_ratio * max(packed, 1):
            raise DangerousArchive(name=name, reason=f"展开后是原来的 {unpacked // max(packed, 1)} 倍")
        if packed > len(data):
            raise DangerousArchive(name=name, reason="各部分互相重叠")
        if any(info.flag_bits & 1 for info in infos):
            raise Encrypted(name=name)
        self._infos = {info.filename.replace("\\", "/"): info for info in infos}
        self._by_lower = {key.lower(): key for key in self._infos}

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """Names of the members, with forward slashes."""
        return list(self._infos)

    def has(self, member: str) -> bool:
        """Tell whether there is *member*; letter case is ignored, as Office does."""
        return member.lower() in self._by_lower

    def size(self, member: str) -> int:
        """Return the declared unpacked size of *member*."""
        return self._infos[self._by_lower[member.lower()]].file_size

    def read(self, member: str, most: int = 0) -> bytes:
        """Return the unpacked bytes of *member*, or only the first *most*.

        Raises:
            Corrupt: missing or damaged.
            TooMuch: larger than one part may be.
        """
        key = self._by_lower.get(member.lower())
        if key is None:
            raise Corrupt(name=self.name, reason=f"缺少内部文件 {member}")
        info = self._infos[key]
        if not most and info.file_size > self.limits.max_part:
            raise TooMuch(
                name=self.name,
                amount=f"内部文件展开后 {human_size(info.file_size)}",
                limit=human_size(self.limits.max_part),
            )
        try:
            with self._zip.open(info) as stream:
                return stream.read(most) if most else stream.read()
        except RuntimeError as error:  # zipfile raises it for members that ask for a password
            raise Encrypted(name=self.name) from error
        except _BROKEN as error:
            raise Corrupt(name=self.name, reason=f"内部文件 {member} 已损坏") from error

    def read_if_any(self, member: str) -> bytes:
        """Return the bytes of *member*, empty when there is none."""
        return self.read(member) if self.has(member) else b""

    def xml(self, member: str) -> etree._Element:
        """Return the root of the XML part *member*."""
        return parse_xml(self.read(member), self.name, member)


def parse_xml(data: bytes, name: str, member: str) -> etree._Element:
    """Return the root element of *data*; entities stay unresolved and nothing is fetched.

    Raises:
        DangerousXml: the part declares a document type.
        TooDeep: elements nested deeper than the parser allows (256).
        Corrupt: not well-formed.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise DangerousXml(name=name)
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise TooDeep(name=name, reason="XML 元素超过 256 层") from error
        raise Corrupt(name=name, reason=f"内部文件 {member} 不是完整的 XML") from error
    except ValueError as error:
        raise Corrupt(name=name, reason=f"内部文件 {member} 不是完整的 XML") from error
    if root is None:
        raise Corrupt(name=name, reason=f"内部文件 {member} 是空的")
    if _declares_type(root):  # a UTF-16 part hides its declaration from the search above
        raise DangerousXml(name=name)
    return root


def _declares_type(root: etree._Element) -> bool:
    return bool(getattr(root.getroottree().docinfo, "doctype", ""))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
