"""What the public may say, as plain values: cleaned, bounded, checked, before anything is stored."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from zhenggai.answers.errors import BadAnswer, FileNotTaken
from zhenggai.answers.limits import Limits
from zhenggai.answers.models import Answer
from zhenggai.answers.sealing import Contact
from zhenggai.docparse.errors import clean_name
from zhenggai.files.media import media_type_of
from zhenggai.kit.text import comparison_key, fold, plain_text

MOST_ABOUT = 200
_OFFICE = "application/vnd.openxmlformats-officedocument"
TAKEN = frozenset(
    {
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/webp",
        "image/heic",
        "text/plain",
        f"{_OFFICE}.wordprocessingml.document",
        f"{_OFFICE}.spreadsheetml.sheet",
        "application/ofd",
    }
)
"""What a file may be, told from its bytes."""
_PHONE = re.compile(r"\+?[\d\- ()]{5,25}")
_EMAIL = re.compile(r"[^\s@<>\"',;:\\()\[\]]{1,64}@[\w.-]{1,120}\.[\w-]{2,20}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came."""

    source: BinaryIO
    """Readable binary stream."""
    name: str
    """Name it came with."""
    size: int
    """Its bytes."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says."""

    kind: str
    """One of ``Answer.Kind``."""
    body: str
    """In words."""
    about: str = ""
    """Which problem it is about."""
    contact: Contact = field(default_factory=Contact)
    """How they can be reached, if they like."""
    files: Sequence[Sent] = ()
    """What they send along."""


def checked(said: Said, limits: Limits) -> Said:
    """Return *said* cleaned, within *limits*.

    Raises:
        BadAnswer: a field is missing, too long, or cannot be.
        FileNotTaken: a file is.
    """
    if said.kind not in Answer.Kind.values:
        raise BadAnswer(label=_("类型"), reason=_("请选择一项"))
    contact = Contact(
        _line(_("称呼"), said.contact.name, 40),
        _line(_("电话"), fold(said.contact.phone), 30),
        _line(_("电子邮箱"), said.contact.email, 120),
    )
    if contact.phone and not _PHONE.fullmatch(contact.phone):
        raise BadAnswer(label=_("电话"), reason=_("应为电话号码，如 0000-12345678"))
    if contact.email and not _EMAIL.fullmatch(contact.email):
        raise BadAnswer(label=_("电子邮箱"), reason=_("应为邮箱地址，如 name@example.cn"))
    body = words(_("意见内容"), said.body, limits.words)
    return Said(
        said.kind, body, _line(_("涉及的问题"), said.about, MOST_ABOUT), contact, check_files(said.files, limits)
    )


def words(label: str, text: str, most: int) -> str:
    """Return *text* cleaned, with its lines.

    Raises:
        BadAnswer: nothing is left, or too much.
    """
    told = re.sub(r"\n{3,}", "\n\n", plain_text(text.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    if not comparison_key(told):
        raise BadAnswer(label=label, reason=_("没有填写"))
    if len(told) > most:
        raise BadAnswer(label=label, reason=_("超过 %(most)s 个字") % {"most": most})
    return told


def fingerprint_of(body: str) -> str:
    """Return what is equal in texts that say the same but for spaces, width and signs."""
    return hashlib.sha256(comparison_key(body).encode("utf-8", "replace")).hexdigest()


def check_files(files: Sequence[Sent], limits: Limits) -> tuple[Sent, ...]:
    """Return *files* when all of them are taken, typed by their bytes before a single one is stored.

    Raises:
        FileNotTaken: there are too many, or one is too large, empty, or of another kind.
    """
    given = tuple(file for file in files if file.name or file.size)
    for number, file in enumerate(given, 1):
        if number > limits.files:
            raise _refused(file, _("超出了个数"), limits)
        if file.size > limits.file_mb * 1024 * 1024:
            raise _refused(file, _("太大"), limits)
        if not file.size:
            raise _refused(file, _("是空的"), limits)
        if _media_type(file) not in TAKEN:
            raise _refused(file, _("不是可以提交的文件"), limits)
    return given


def _media_type(file: Sent) -> str:
    handle, name = tempfile.mkstemp(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="public-")
    try:
        with os.fdopen(handle, "wb") as copy:
            file.source.seek(0)
            while chunk := file.source.read(1024 * 1024):
                copy.write(chunk)
        return media_type_of(Path(name))
    finally:
        os.unlink(name)
        file.source.seek(0)


def _refused(file: Sent, reason: str, limits: Limits) -> FileNotTaken:
    name = clean_name(file.name)[:60] or _("未命名")
    return FileNotTaken(name=name, reason=reason, count=limits.files, size=limits.file_mb)


def _line(label: str, text: str, most: int) -> str:
    told = " ".join(plain_text(text).split())
    if len(told) > most:
        raise BadAnswer(label=label, reason=_("超过 %(most)s 个字") % {"most": most})
    return told
