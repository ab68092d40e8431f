"""What a stored file is, told from its bytes: a path comes in, a media type goes out."""

from __future__ import annotations

import zipfile
from pathlib import Path

UNKNOWN = "application/octet-stream"
PROGRAM = "application/x-executable"
_OFFICE = "application/vnd.openxmlformats-officedocument"

# Offset, bytes, media type; the first match wins.
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"MZ", PROGRAM),
    (0, b"\x7fELF", PROGRAM),
    (0, b"\xca\xfe\xba\xbe", PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", PROGRAM),
    (0, b"\xfe\xed\xfa\xcf", PROGRAM),
    (0, b"#!", PROGRAM),
)
# A member that only this kind of package has, and its media type.
_PACKAGES: tuple[tuple[str, str], ...] = (
    ("word/", f"{_OFFICE}.wordprocessingml.document"),
    ("xl/", f"{_OFFICE}.spreadsheetml.sheet"),
    ("ppt/", f"{_OFFICE}.presentationml.presentation"),
    ("OFD.xml", "application/ofd"),
)


def media_type_of(path: Path) -> str:
    """Return the media type of the file at *path*; text of any encoding is ``text/plain`` or ``text/html``."""
    with path.open("rb") as handle:
        head = handle.read(4096)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _type_of_zip(path)
    for offset, magic, media_type in _MAGIC:
        if head.startswith(magic, offset):
            # "MZ" and "#!" may begin an ordinary sentence; a program has control bytes or is a script.
            return media_type if magic != b"MZ" or b"\x00" in head else "text/plain"
    return _type_of_text(head)


def _type_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:10_000]
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
                if declared.startswith("application/vnd.oasis.opendocument."):
                    return declared
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError):
        # Damaged or protected; it is kept as what it claims to be and refused by whoever reads it.
        return "application/zip"
    for member, media_type in _PACKAGES:
        if any(name.startswith(member) for name in names):
            return media_type
    return "application/zip"


def _type_of_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text/plain"
    if b"\x00" in head:
        return UNKNOWN
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in start[:1024]:
        return "text/html"
    if start.startswith((b"<?xml", b"<svg")):
        return "text/xml"
    controls = len(head) - len(head.translate(None, bytes(range(9)) + bytes(range(14, 32))))
    return UNKNOWN if controls > len(head) * 0.02 else "text/plain"
