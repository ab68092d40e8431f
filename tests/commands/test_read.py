"""``zhenggai read``: JSON, outlines, batches, failures, start-up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docparse.readers.builders import p, page, word
from zhenggai.commands import read as read_command
from zhenggai.commands.main import main
from zhenggai.docparse import read_draft
from zhenggai.docparse.draft import draft_to_json

NOTICE = (
    "中共示例市水利局党组关于巡察整改情况的通报\n按照市委统一部署，市委第四巡察组开展了巡察，并于2024年7月18日反馈了意见。\n"
    "一、学习贯彻方面\n1.关于“学习不深入”的问题。\n整改完成情况：（1）制定学习计划。（2）开展集中学习。\n"
    "2.关于“结合实际不够”的问题。\n整改完成情况：开展调研3次，形成报告2份。\n中共示例市水利局党组\n2025年1月16日\n"
)


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "通报.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def test_json_is_the_published_form_and_explain_adds_the_reasons(
    notice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(notice), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(json.dumps(draft_to_json(read_draft(notice)[1])))
    assert main(["read", str(notice), "--json", "--explain"]) == 0
    explained = json.loads(capsys.readouterr().out)
    assert explained["decisions"] and explained["findings"] == printed["findings"]


def test_what_the_reader_noticed_stands_in_both_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "通报.docx"
    path.write_text(NOTICE, encoding="utf-8")
    assert main(["read", str(path), "--json"]) == 0
    (note,) = json.loads(capsys.readouterr().out)["notes"]
    assert note["kind"] == "ending_differs"
    assert main(["read", str(path)]) == 0
    assert note["text"] in capsys.readouterr().out


def test_the_outline_names_facts_findings_and_measures(notice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(notice), "--explain"]) == 0
    shown = capsys.readouterr().out
    for words in ("文种：", "2024-07-18", "学习不深入 [2 条措施]", "结合实际不够 [1 条措施]", "判断理由："):
        assert words in shown


def test_a_bad_file_is_an_error_in_words_or_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "坏.docx"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50)
    assert main(["read", str(bad)]) == 1
    spoken = capsys.readouterr()
    assert spoken.out == "" and "docparse.NotADocument" in spoken.err and "坏.docx" in spoken.err
    assert main(["read", str(bad), "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert set(error) == {"code", "what", "where", "todo"} and error["code"] == "docparse.NotADocument"


def test_a_folder_gives_one_line_each_and_one_failure_stops_nothing(
    notice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = notice.parent
    (folder / "a.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "b.html").write_bytes(page("<p>关于印发制度的通知，请遵照执行。</p>"))
    (folder / "~$lock.docx").write_bytes(b"x")
    deeper = folder / "子"
    deeper.mkdir()
    (deeper / "c.docx").write_bytes(word(p("关于印发制度的通知。")))
    assert main(["read", str(folder), "--json"]) == 1
    spoken = capsys.readouterr()
    lines = [json.loads(line) for line in spoken.out.splitlines()]
    assert [Path(line["file"]).name for line in lines] == ["a.docx", "b.html", "通报.txt"]
    assert lines[0]["error"]["code"] == "docparse.Corrupt" and len(lines[2]["findings"]) == 2
    assert "成功 2 个，失败 1 个" in spoken.err
    assert main(["read", str(folder), "--json", "--recursive"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_results_go_to_files_apart_even_under_equal_names(notice: Path, tmp_path: Path) -> None:
    twin = tmp_path / "另"
    twin.mkdir()
    (twin / notice.name).write_text(NOTICE, encoding="utf-8")
    out = tmp_path / "out"
    assert main(["read", str(notice), str(twin / notice.name), "--json", "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["通报.txt-2.json", "通报.txt.json"]
    assert main(["read", str(notice), "--out", str(out)]) == 0
    assert "学习不深入" in (out / "通报.txt.txt").read_text(encoding="utf-8")


def test_isolated_reading_gives_the_same(notice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["read", str(notice), "--json"])
    plain = capsys.readouterr().out
    assert main(["read", str(notice), "--json", "--isolated"]) == 0
    assert capsys.readouterr().out == plain


def test_a_defect_met_in_one_file_is_reported_like_an_error(notice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(document: object, *, explain: bool) -> None:
        raise ZeroDivisionError("division")

    monkeypatch.setattr(read_command, "understand", fail)
    outcome = read_command.read_one(notice)
    assert outcome.error is not None and outcome.error.code == "docparse.ReaderFailed"


def test_wrong_calls_exit_with_two_and_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "读取文件" in capsys.readouterr().out
    with pytest.raises(SystemExit) as caught:
        main(["read"])
    assert caught.value.code == 2


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "zhenggai.commands.main", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )


def test_output_is_utf8_whatever_the_locale(notice: Path) -> None:
    done = run("read", str(notice), LC_ALL="C", LANG="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0 and "学习不深入" in done.stdout.decode("utf-8")


def test_reading_starts_without_django_or_other_heavy_libraries(notice: Path) -> None:
    code = (
        "import sys; from zhenggai.commands.main import main; main(['read', sys.argv[1], '--json']); "
        "heavy = ('django', 'rich', 'pypdfium2', 'python_calamine', 'selectolax', 'typst'); print([n for n in heavy if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(notice)],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"
