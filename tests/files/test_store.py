"""Stored files: kept once by content, typed by content, limited, and checked."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.factories.files import make_file
from tests.factories.findings import make_round
from tests.factories.people import make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.files import store
from zhenggai.files.actions import remove_unreferenced, store_file
from zhenggai.files.daily import run_daily
from zhenggai.files.errors import CannotStore, FileMissing, ForbiddenType, NoBytes, TooLarge
from zhenggai.files.media import media_type_of
from zhenggai.files.models import StoredFile
from zhenggai.files.queries import Condition, check_files, open_file, path_of
from zhenggai.findings.models import Source
from zhenggai.people.access import OPERATOR

pytestmark = pytest.mark.django_db


def left_over() -> list[Path]:
    return list((store.root() / "tmp").iterdir())


def test_the_same_bytes_share_one_row_and_one_file() -> None:
    one, same = make_file("原文".encode(), name="甲.txt"), make_file("原文".encode(), name="乙.txt")
    assert one.pk == same.pk
    assert one.name == "甲.txt"
    assert StoredFile.objects.count() == 1
    assert Entry.objects.filter(code="files.stored").count() == 1
    with open_file(one) as stream:
        assert stream.read() == "原文".encode()
    assert path_of(one).relative_to(store.root()).parts == (one.sha256[:2], one.sha256[2:])
    assert left_over() == []


def test_refused_files_leave_nothing(settings: Any) -> None:
    settings.ZHENGGAI_MAX_UPLOAD_BYTES = 3 * 1024 * 1024
    for content, error in (
        (b"", NoBytes),
        (b"x" * (3 * 1024 * 1024 + 1), TooLarge),
        (b"MZ\x90\x00" + b"\x00" * 60, ForbiddenType),
        (b"#!/bin/sh\nrm -rf /\n", ForbiddenType),
    ):
        with pytest.raises(error):
            make_file(content, name="a.docx")
    assert StoredFile.objects.count() == 0
    assert list(store.stored_paths()) == left_over() == []


def test_a_stream_that_breaks_off_leaves_nothing() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(CannotStore):
        store_file(actor=OPERATOR, source=Broken(), name="a.txt")
    assert left_over() == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\李\\整改方案.docx", "整改方案.docx"),
        ("a\x00\x1f\u202ecod.exe", "acod.exe"),
        ("\u200b\u200b", "未命名"),
        ("  方案.docx ", "方案.docx"),
    ],
)
def test_names_lose_folders_and_invisible_characters(given: str, kept: str) -> None:
    assert make_file(name=given).name == kept


def test_long_names_keep_their_ending() -> None:
    stored = make_file(name="长" * 300 + ".docx")
    assert len(stored.name) <= 200
    assert stored.name.endswith(".docx")


def package(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (package("[Content_Types].xml", "word/document.xml"), "vnd.openxmlformats-officedocument.wordprocessingml"),
        (package("[Content_Types].xml", "xl/workbook.xml"), "vnd.openxmlformats-officedocument.spreadsheetml"),
        (package("照片/1.jpg"), "application/zip"),
        (b"PK\x03\x04 cut off", "application/zip"),
        ("整改情况".encode("gb18030"), "text/plain"),
        ("MZ 开头的一句话".encode(), "text/plain"),
        (b"  <!DOCTYPE html><html>", "text/html"),
        (b"\x00\x01\x02\x03" * 50, "application/octet-stream"),
    ],
)
def test_type_is_told_from_content_not_from_the_name(tmp_path: Path, content: bytes, media_type: str) -> None:
    path = tmp_path / "picture.jpg"
    path.write_bytes(content)
    assert media_type in media_type_of(path)


def test_a_check_finds_missing_altered_and_ownerless_files() -> None:
    sound, missing, altered = make_file(), make_file(), make_file()
    path_of(missing).unlink()
    path_of(altered).chmod(0o600)
    path_of(altered).write_bytes(b"changed")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_file(b"nobody's")
        raise ZeroDivisionError
    found = {checked.sha256: checked.condition for checked in check_files()}
    assert found.pop(sound.sha256) == Condition.SOUND
    assert found.pop(missing.sha256) == Condition.MISSING
    assert found.pop(altered.sha256) == Condition.ALTERED
    assert list(found.values()) == [Condition.ORPHAN]
    with pytest.raises(FileMissing):
        open_file(missing)


def _age(stored: StoredFile, days: float) -> None:
    moment = timezone.now() - timedelta(days=days)
    StoredFile.objects.filter(pk=stored.pk).update(stored_at=moment)
    os.utime(path_of(stored), (moment.timestamp(), moment.timestamp()))


def test_what_no_record_refers_to_goes_after_a_day_and_the_trail_says_so() -> None:
    used, refused, young, again = (make_file(name.encode(), name=f"{name}.txt") for name in ("用", "拒", "新", "再"))
    round_ = make_round(make_unit("示例市人民法院"))
    Source.objects.create(round=round_, file=used, name="反馈.txt", text="", imported_by=make_user("办事员"))
    for stored in (used, refused, again):
        _age(stored, 2)
    make_file("再".encode(), name="再.txt")  # the same bytes come again: they may be referred to in a moment
    assert run_daily(timezone.localdate(), actor=OPERATOR) == {"removed": 1}
    assert set(StoredFile.objects.all()) == {used, young, again}
    assert {path.name for path in store.stored_paths()} == {path_of(each).name for each in (used, young, again)}
    entry = Entry.objects.get(code="files.unreferenced_removed")
    assert (entry.object_label, entry.data["sha256"]) == ("拒.txt", refused.sha256)
    assert remove_unreferenced(actor=OPERATOR) == left_over() == []


def test_bytes_that_come_again_while_the_old_ones_go_stay() -> None:
    stored = make_file("同一份".encode(), name="甲.txt")
    assert store.discard(stored.sha256, path_of(stored).stat().st_mtime - 1) is False
    assert path_of(stored).read_bytes() == "同一份".encode()
    assert store.discard(stored.sha256, path_of(stored).stat().st_mtime + 1) is True
    assert store.discard(stored.sha256, 0) is True and left_over() == []
