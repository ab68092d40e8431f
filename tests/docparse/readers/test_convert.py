"""Old formats through LibreOffice: converted when it is there, a clear error when not, a clock in any case."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.docparse.readers.builders import compound, p, word
from zhenggai.docparse import errors
from zhenggai.docparse.readers import convert
from zhenggai.docparse.readers.limits import DEFAULT
from zhenggai.docparse.reading import read_document

RTF = rb"{\rtf1\ansi\ansicpg936 {\b \u25972?\u25913?\u36890?\u25253?}\par 1. first measure\par}"
OLD = compound("WordDocument", b"\xec\xa5" + b"\x00" * 5000)


def program(folder: Path, script: str) -> str:
    """Return the path of a stand-in for LibreOffice that runs *script* with ``arguments``."""
    path = folder / "soffice"
    path.write_text(f"#!{sys.executable}\nimport sys, time, pathlib\narguments = sys.argv\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_a_real_file_is_converted_where_libreoffice_is_installed_and_refused_elsewhere() -> None:
    if convert.find_program():
        document = read_document(RTF, name="通报.doc")
        assert document.format == "rtf" and "整改通报" in document.text
    else:
        with pytest.raises(errors.ConverterMissing):
            read_document(RTF, name="通报.doc")


def test_without_libreoffice_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "find_program", lambda: None)
    with pytest.raises(errors.ConverterMissing) as caught:
        read_document(OLD, name="通报.doc")
    assert "docx" in caught.value.describe().todo


def test_the_converted_file_keeps_its_old_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = tmp_path / "ready.docx"
    ready.write_bytes(word(p("整改通报")))
    copy = f"out = pathlib.Path(arguments[arguments.index('--outdir') + 1]); out.mkdir(); (out / 'input.docx').write_bytes(pathlib.Path({str(ready)!r}).read_bytes())"
    monkeypatch.setattr(convert, "find_program", lambda: program(tmp_path, copy))
    assert (read_document(OLD, name="a.doc").format, read_document(OLD, name="a.wps").format) == ("doc", "wps")


@pytest.mark.parametrize(
    ("script", "words"), [("sys.exit(1)", "损坏"), ("pass", "损坏"), ("time.sleep(60)", "没有完成")]
)
def test_a_converter_that_fails_or_hangs_is_an_error(
    script: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "find_program", lambda: program(tmp_path, script))
    with pytest.raises(errors.ConversionFailed) as caught:
        read_document(OLD, name="a.doc", limits=replace(DEFAULT, convert_seconds=0.5))
    assert words in caught.value.describe().what
