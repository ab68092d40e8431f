"""What we make opens in office software: LibreOffice sets it on the pages that our own PDF has."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from tests.gongwen.papers import full_paper
from tests.gongwen.words import pdf_words, squeeze
from zhenggai.gongwen import read_docx, to_docx, to_pdf, to_text
from zhenggai.render.docx import fill_docx
from zhenggai.reports.making import shipped_template
from zhenggai.reports.names import trial_values
from zhenggai.reports.papers import PAPERS

OFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def set_by_office(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the PDFs that LibreOffice makes of our Word files, all in one run of it."""
    folder = tmp_path_factory.mktemp("office")
    made = {"full": to_docx(full_paper())}
    for code in ("weekly", "letter", "sheets"):
        made[code] = fill_docx(shipped_template(code), trial_values(PAPERS[code].names))
    for name, content in made.items():
        (folder / f"{name}.docx").write_bytes(content)
    command = [
        str(OFFICE),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
    ]
    subprocess.run(
        [*command, *(str(folder / f"{name}.docx") for name in made)], check=True, capture_output=True, timeout=120
    )
    return {name: (folder / f"{name}.pdf").read_bytes() for name in made}


def pages(content: bytes) -> int:
    return len(pypdfium2.PdfDocument(content))


def test_libreoffice_sets_the_same_words_on_the_same_pages(set_by_office: dict[str, bytes], tmp_path: Path) -> None:
    paper = full_paper()
    assert pdf_words(set_by_office["full"], paper) == squeeze(to_text(paper))
    assert pages(set_by_office["full"]) == pages(to_pdf(paper))
    for code in ("weekly", "letter", "sheets"):
        tree = read_docx(fill_docx(shipped_template(code), trial_values(PAPERS[code].names)))
        assert pages(set_by_office[code]) == pages(to_pdf(tree)), code
    (size,) = {pypdfium2.PdfDocument(set_by_office["weekly"])[0].get_size()}
    assert [round(side) for side in size] == [595, 842]
