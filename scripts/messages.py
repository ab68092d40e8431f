"""Collects every string for translation and brings the catalogues up to date.

Source strings are Chinese.  They stand in ``gettext`` calls, in the templates, and as the formats ``what``, ``where``
and ``todo`` of the error classes, which are translated late.  ``make messages`` writes ``src/zhenggai/locale``; a test
holds the English catalogue to be complete.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "zhenggai"
LOCALE = SOURCE / "locale"
LANGUAGES = ("en",)
KEYWORDS = {
    "_": None, "_now": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
FORMATS = frozenset({"what", "where", "todo"})


def extract() -> Catalog:
    """Return a catalogue of all source strings with the places where they stand."""
    catalog = Catalog(project="zhenggai", charset="utf-8", fuzzy=False)
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        place = path.relative_to(ROOT).as_posix()
        for line, message, comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            catalog.add(message, locations=[(place, line)], auto_comments=comments, context=context)
        for line, text in error_formats(path):
            catalog.add(text, locations=[(place, line)])
    options = {"trimmed": "true", "silent": "false"}
    for path in sorted(SOURCE.glob("*/templates/**/*.html")):
        place = path.relative_to(ROOT).as_posix()
        for line, message, comments, context in extract_from_file(
            "jinja2.ext:babel_extract", path, keywords=KEYWORDS, options=options
        ):
            catalog.add(message, locations=[(place, line)], auto_comments=comments, context=context)
    return catalog


def error_formats(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of each non-empty format of an error class in the module at *path*."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ClassDef):
            continue
        for statement in node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                    pass
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text))):
                    pass
                case _:
                    continue
            if name in FORMATS and text:
                yield statement.lineno, text


def catalogue_path(language: str) -> Path:
    """Return where the catalogue of *language* stands."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> Catalog:
    """Return the catalogue of *language* as it stands, or an empty one."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="zhenggai", charset="utf-8", fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def main() -> None:
    """Bring each catalogue up to date: new strings come in empty, lost ones go."""
    template = extract()
    for language in LANGUAGES:
        catalogue = read_catalogue(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.fuzzy = False
        # Dates would change the file at every run and hide what really changed.
        catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
        catalogue.header_comment = "# Translations of the Chinese source strings. Brought up to date by: make messages"
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            write_po(stream, catalogue, width=110, sort_output=True, no_location=True, omit_header=False)
        empty = sum(1 for message in catalogue if message.id and not message.string)
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} strings, {empty} without a translation")


if __name__ == "__main__":
    main()
