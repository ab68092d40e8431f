"""The page that checks the layout of a Word file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.gongwen.papers import full_paper
from tests.web.conftest import World
from zhenggai.gongwen import Paragraph, to_docx

pytestmark = pytest.mark.django_db
ADDRESS = "/tools/layout/"


def dropped(content: bytes, name: str = "通报.docx") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content)}


def test_anybody_may_check_a_word_file(world: World, sign_in_as: Callable[..., Client]) -> None:
    client = sign_in_as(world.people["no_post"])
    assert "公文检查" in client.get(ADDRESS).content.decode()
    good = client.post(ADDRESS, dropped(to_docx(full_paper()))).content.decode()
    assert "没有发现版面问题" in good
    broken = replace(full_paper(), blocks=(Paragraph("<b>整改,</b>自2024年七月起。"),))
    shown = client.post(ADDRESS, dropped(to_docx(broken), "<i>.docx")).content.decode()
    for words in ("标点与数字", "半角“,”", "2024年七月", "&lt;i&gt;.docx"):
        assert words in shown
    assert "<b>整改" not in shown
    told = client.post(ADDRESS, dropped(to_docx(broken)), headers={"Accept": "application/json"}).json()
    assert {issue["code"] for issue in told["issues"]} >= {"text.punctuation", "text.numerals"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"<html>"])
def test_what_is_no_word_file_is_refused_in_words(
    content: bytes, world: World, sign_in_as: Callable[..., Client]
) -> None:
    client = sign_in_as(world.people["office"])
    answer = client.post(ADDRESS, dropped(content), headers={"Accept": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.json()["error"]["what"]
