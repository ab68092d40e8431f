"""What a file is, told from its bytes. The name is a hint only where content leaves two readings open."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from zhenggai.docparse.errors import Corrupt, EmptyFile, NotADocument, Undecodable, UnknownType
from zhenggai.docparse.readers.archive import Archive
from zhenggai.docparse.readers.decode import Decoded, decode
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.ole import kind_of_ole

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "图片（PNG）"),
    (0, b"\xff\xd8\xff", "图片（JPEG）"),
    (0, b"GIF87a", "图片（GIF）"),
    (0, b"GIF89a", "图片（GIF）"),
    (0, b"II*\x00", "图片（TIFF）"),
    (0, b"MM\x00*", "图片（TIFF）"),
    (8, b"WEBP", "图片（WebP）"),
    (4, b"ftyphei", "图片（HEIC）"),
    (4, b"ftypmif1", "图片（HEIC）"),
    (4, b"ftyp", "视频或音频"),
    (8, b"AVI ", "视频"),
    (8, b"WAVE", "音频"),
    (0, b"ID3", "音频"),
    (0, b"OggS", "音频或视频"),
    (0, b"\x1aE\xdf\xa3", "视频"),
    (0, b"Rar!\x1a\x07", "压缩包（RAR）"),
    (0, b"7z\xbc\xaf\x27\x1c", "压缩包（7z）"),
    (0, b"\x1f\x8b", "压缩包（gzip）"),
    (0, b"BZh", "压缩包（bzip2）"),
    (0, b"\xfd7zXZ\x00", "压缩包（xz）"),
    (0, b"MZ", "程序文件"),
    (0, b"\x7fELF", "程序文件"),
    (0, b"SQLite format 3\x00", "数据库"),
    (0, b"\x00\x01\x00\x00\x00", "字体"),
    (0, b"OTTO", "字体"),
    (0, b"wOF", "字体"),
    (0, b"%!PS", "PostScript 文件"),
    (0, b"ITSF", "帮助文件（CHM）"),
    (0, b"CAJ", "CAJ 文件"),
    (0, b"HN\x00\x00", "CAJ 文件"),
)
_HTML = re.compile(
    r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<meta\s|<(?:div|p|table|span|br|h[1-6]|ul|ol|font|center)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_PROBE = 60_000
_CHARSET = re.compile(
    rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)|<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_.-]+)""", re.I
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The kind of a file's content, with the text where it had to be decoded to tell."""

    kind: str
    """See :attr:`zhenggai.docparse.readers.base.Source.kind`."""
    decoded: Decoded | None = None
    """The characters, for text kinds."""


def sniff(data: bytes, name: str, limits: Limits) -> Sniffed:
    """Return what *data* is.

    Raises:
        EmptyFile, NotADocument, UnknownType, Undecodable, Corrupt, Encrypted, DangerousArchive: as told by the bytes.
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise EmptyFile(name=name)
    head = data[:1024]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return Sniffed(_kind_of_zip(data, name, limits))
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Sniffed(kind_of_ole(data, name))
    if b"%PDF-" in head:
        return Sniffed("pdf")
    if head.lstrip().startswith(b"{\\rtf"):
        return Sniffed("rtf")
    if head[:8] in _OLD_BIFF or head[:4] in (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"):
        return Sniffed("xls")
    for offset, magic, kind in _MAGIC:
        if data.startswith(magic, offset) and (len(magic) > 3 or _has_binary(head)):
            raise NotADocument(name=name, kind=kind)
    if head.startswith(b"BM") and _has_binary(head[:64]):
        raise NotADocument(name=name, kind="图片（BMP）")
    return _text_kind(data, name)


_OLD_BIFF = (b"\x09\x08\x08\x00\x00\x05\x05\x00", b"\x09\x08\x10\x00\x00\x06\x05\x00")


def _has_binary(head: bytes) -> bool:
    return bool(head.translate(None, bytes(range(32, 127)) + b"\t\r\n")) and (0 in head or 0xFF in head or 1 in head)


def _kind_of_zip(data: bytes, name: str, limits: Limits) -> str:
    with Archive(data, name, limits) as archive:
        names = archive.names
        lower = {entry.lower() for entry in names}
        if "[content_types].xml" in lower or any(entry.startswith(("word/", "xl/", "ppt/")) for entry in lower):
            return _kind_of_opc(archive, lower, name)
        if "mimetype" in names:
            mime = archive.read("mimetype", most=200).decode("ascii", "replace")
            if "opendocument.spreadsheet" in mime:
                return "ods"
            if "opendocument.text" in mime:
                return "odt"
            if "opendocument" in mime:
                raise NotADocument(name=name, kind="演示文稿或图形（OpenDocument）")
            if "epub" in mime:
                raise NotADocument(name=name, kind="电子书（EPUB）")
        if "ofd.xml" in lower:
            raise NotADocument(name=name, kind="版式文件（OFD），请在阅读软件中导出为带文字层的 PDF 或 docx")
        if "content.xml" in lower:
            return "odt" if b"office:text" in archive.read("content.xml", most=4_000_000) else "ods"
        raise NotADocument(name=name, kind="压缩包（ZIP）")


def _kind_of_opc(archive: Archive, lower: set[str], name: str) -> str:
    types = archive.read_if_any("[Content_Types].xml")[:200_000].lower()
    if b"wordprocessingml" in types or "word/document.xml" in lower or b"ms-word.document" in types:
        return "docx"
    if b"sheet.binary" in types or "xl/workbook.bin" in lower:
        return "xlsb"
    if b"spreadsheetml" in types or b"ms-excel" in types or "xl/workbook.xml" in lower:
        return "xlsx"
    if b"presentationml" in types or "ppt/presentation.xml" in lower:
        raise NotADocument(name=name, kind="演示文稿（PPT）")
    if b"visio" in types:
        raise NotADocument(name=name, kind="绘图文件（Visio）")
    raise Corrupt(name=name, reason="办公文件里没有正文部分")


def _text_kind(data: bytes, name: str) -> Sniffed:
    start = data[:4096]
    found = _CHARSET.search(start) if b"<" in start or b"MIME" in start else None
    declared = (found.group(1) or found.group(2)).decode("ascii", "replace") if found else ""
    is_mht = bool(re.match(rb"\s*(?:MIME-Version:|From: *<?Saved|Content-Type: *multipart/related)", start, re.I))
    if is_mht:
        return Sniffed("mht")
    try:
        decoded = decode(data, name, declared)
    except Undecodable:
        if 0 in data or _control_share(start) > 0.02:
            raise UnknownType(name=name) from None
        raise
    text = decoded.text
    if _control_share(text[:8192].encode("utf-8", "replace")) > 0.02:
        raise UnknownType(name=name)
    if not text.strip("\x00\ufeff \t\r\n\u3000\xa0"):
        raise EmptyFile(name=name)
    return Sniffed(_kind_of_text(text[:_PROBE], name), decoded)


def _control_share(sample: bytes) -> float:
    controls = len(sample) - len(
        sample.translate(None, bytes(range(9)) + bytes(range(14, 27)) + b"\x1c\x1d\x1e\x1f\x7f")
    )
    return controls / max(len(sample), 1)


def _kind_of_text(text: str, name: str) -> str:
    start = text.lstrip("\ufeff \t\r\n")
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if start.startswith("<"):
        top = start[:4000]
        if (
            "schemas.microsoft.com/office/word/2003/wordml" in top
            or "schemas.microsoft.com/office/2006/xmlPackage" in top
        ):
            return "wordml"
        if "urn:schemas-microsoft-com:office:spreadsheet" in top and "<Workbook" in top:
            return "sheetml"
        if "opendocument" in top and "<office:document" in top:
            return "odt" if "opendocument.text" in top else "ods"
    tags = _HTML.findall(text)
    if tags and (start.startswith("<") or len(tags) >= 3 or suffix in ("html", "htm", "shtml", "xhtml")):
        return "html"
    return "csv" if _looks_delimited(text, suffix) else "txt"


def _looks_delimited(text: str, suffix: str) -> bool:
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    if suffix in ("csv", "tsv", "tab"):
        return any(sign in line for line in lines for sign in ",\t;|，") and not _reads_as_prose(lines)
    if suffix in ("txt", "text", "md") or len(lines) < 3:
        return False
    if _even_columns(text, "\t") >= 2:
        return True
    if suffix in ("xls", "xlsx", "et"):
        return _even_columns(text, ",") >= 2 and not _reads_as_prose(lines)
    return _even_columns(text, ",") >= 3 and not _reads_as_prose(lines)


def _even_columns(text: str, delimiter: str) -> int:
    """Return how many columns nearly all of the first rows agree on, 0 when they do not."""
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 61))
    except csv.Error:
        return 0
    if len(rows) > 60 or len(text) >= _PROBE:
        rows = rows[:-1]  # the text was cut off in its middle
    widths = Counter(len(row) for row in rows if any(field.strip() for field in row))
    if sum(widths.values()) < 2:
        return 0
    width, times = widths.most_common(1)[0]
    return width if times >= 0.8 * sum(widths.values()) else 0


def _reads_as_prose(lines: list[str]) -> bool:
    """Tell sentences with commas in them from rows: uneven counts, full stops at line ends, no quoting."""
    body = lines[1:] or lines
    stops = sum(1 for line in lines if line.rstrip().endswith(("。", "；", "：", ":")))
    counts = {line.count(",") for line in lines} | {line.count("\t") for line in lines}
    quoted = sum(1 for line in lines if '"' in line)
    return stops >= 0.4 * len(lines) and len(counts) > 2 and quoted < 0.2 * len(body)
