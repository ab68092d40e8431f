"""An upload that is too large is read to its end, kept no further than the limit, and refused in the usual words."""

from __future__ import annotations

import io
from contextlib import closing
from typing import Any

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from zhenggai.files.actions import store_file
from zhenggai.files.errors import TooLarge
from zhenggai.files.models import StoredFile
from zhenggai.people.access import OPERATOR

pytestmark = pytest.mark.django_db
MEBI = 1024 * 1024


def _post(size: int) -> HttpRequest:
    return RequestFactory().post("/", {"file": io.BytesIO(b"a" * size), "note": "说明"})


@pytest.mark.parametrize("size", [100, 2 * MEBI, 3 * MEBI])
def test_files_within_the_limit_arrive_whole(settings: Any, size: int) -> None:
    settings.ZHENGGAI_MAX_UPLOAD_BYTES = 3 * MEBI
    with closing(_post(size)) as request:
        assert store_file(actor=OPERATOR, source=request.FILES["file"], name="a.txt").size == size


def test_a_file_beyond_the_limit_is_kept_no_further_and_refused(settings: Any) -> None:
    settings.ZHENGGAI_MAX_UPLOAD_BYTES = 3 * MEBI
    with closing(_post(9 * MEBI)) as request:
        uploaded = request.FILES["file"]
        assert isinstance(uploaded, TemporaryUploadedFile)
        assert uploaded.size == 3 * MEBI + 1
        assert request.POST["note"] == "说明"
        with pytest.raises(TooLarge) as refusal:
            store_file(actor=OPERATOR, source=uploaded, name="大文件.pdf")
    assert refusal.value.describe().what == "文件超过上限 3 MB，没有保存。"
    assert StoredFile.objects.count() == 0
