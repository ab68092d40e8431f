"""Reading in a process of its own: same answers, same errors, and typed errors for what befalls the process."""

from __future__ import annotations

import io
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from tests.docparse.readers.builders import p, word
from zhenggai.docparse import child, errors, isolated
from zhenggai.docparse.isolated import read_document_isolated, read_draft_isolated
from zhenggai.docparse.readers.limits import DEFAULT, MEBI
from zhenggai.docparse.reading import read_document
from zhenggai.docparse.understand import understand

TEXT = "关于巡察整改情况的通报\n一、整改情况\n1.关于“学习不深入”的问题。\n整改完成情况：（1）制定计划。（2）学习。\n"


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "通报.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_answer_is_the_same_as_in_this_process(notice: Path) -> None:
    document, draft = read_draft_isolated(notice, explain=True)
    assert document == read_document(notice)
    assert draft == understand(document, explain=True)


def test_errors_cross_the_border_with_their_class_and_words(tmp_path: Path) -> None:
    path = tmp_path / "坏.docx"
    path.write_bytes(word(p("甲" * 900))[:-100])
    with pytest.raises(errors.Corrupt) as caught:
        read_document_isolated(path, name="原名.docx")
    assert "原名.docx" in caught.value.describe().where
    with pytest.raises(errors.NoSuchFile):
        read_document_isolated(tmp_path / "none")


def test_time_and_memory_are_bounded(notice: Path) -> None:
    with pytest.raises(errors.ReadingTimedOut):
        read_document_isolated(notice, replace(DEFAULT, wall_seconds=0.01))
    big = notice.with_name("大.txt")
    big.write_text(TEXT * 60_000, encoding="utf-8")
    with pytest.raises(errors.ReadingOutOfMemory):
        read_document_isolated(big, replace(DEFAULT, memory_bytes=90 * MEBI))


def test_a_process_that_is_killed_is_an_error_of_its_own(notice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_START", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(errors.ReadingCrashed) as caught:
        read_document_isolated(notice)
    assert "信号 9" in caught.value.describe().what


def test_secrets_of_the_environment_do_not_reach_the_process(notice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGGAI_SECRET", "x")
    monkeypatch.setattr(child, "_START", "import os, sys; sys.exit(41 if 'ZHENGGAI_SECRET' in os.environ else 42)")
    with pytest.raises(errors.ReadingCrashed) as caught:
        read_document_isolated(notice)
    assert "42" in caught.value.describe().what


def test_only_documents_and_drafts_are_taken_in() -> None:
    with pytest.raises(pickle.UnpicklingError):
        isolated._Unpickler(io.BytesIO(pickle.dumps(Path("x")))).load()
