"""WCAG 2.2 AA and GB/T 37668, as far as the pages' own text and style sheet can tell; axe looks at them in a browser."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.factories.answers import make_answer, make_form
from tests.factories.files import make_file
from tests.factories.findings import make_round
from tests.factories.notices import make_publication
from tests.house.source import PACKAGE
from tests.portal.reading import Page

SHEET = (PACKAGE / "portal" / "static" / "portal" / "portal.css").read_text(encoding="utf-8")
TEXT, LARGE, PARTS = 4.5, 3.0, 3.0
# What stands on what, by the names of the style sheet.
READ = (
    *(("ink", ground) for ground in ("ground", "soft")),
    *(("quiet", ground) for ground in ("ground", "soft")),
    *(("link", ground) for ground in ("ground", "soft")),
    ("on-head", "head"),
    ("on-button", "button"),
    ("on-notice", "notice"),
    ("bad", "ground"),
)
SEEN = (("field-line", "ground"), ("ring", "ground"), ("ring", "soft"), ("on-head", "head"), ("button", "ground"))
ADDRESSES = (
    "/public/",
    "/public/?q=整改",
    "/public/?q=没有的词语",
    "/public/register/",
    "/public/about/",
    "/public/nowhere/",
)


def colours(selector: str) -> dict[str, str]:
    block = re.search(rf"^{re.escape(selector)} \{{(.*?)\}}", SHEET, re.DOTALL | re.MULTILINE)
    assert block
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block[1]))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("selector", [":root", ".contrast-high"])
def test_colours_of_the_style_sheet_can_be_told_apart(selector: str) -> None:
    named = colours(":root") | colours(selector)
    least = 7.0 if selector == ".contrast-high" else TEXT
    assert {
        pair: contrast(named[pair[0]], named[pair[1]])
        for pair in READ
        if contrast(named[pair[0]], named[pair[1]]) < least
    } == {}
    assert [pair for pair in SEEN if contrast(named[pair[0]], named[pair[1]]) < PARTS] == []


def test_the_style_sheet_uses_no_colour_but_the_named_and_loads_nothing() -> None:
    rules = re.sub(r"--[\w-]+: #[0-9a-f]{6};", "", re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL))
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|rgb\(|hsl\(|url\(|@import", rules) == []
    assert "outline: none" not in rules.replace("main:focus { outline: none; }", "")
    # Type, gaps and widths grow with the reader's size; only hairlines are in pixels.
    assert set(re.findall(r"(\d+)px", rules)) <= {"1"}
    assert ":focus-visible { outline: .1875rem solid" in rules


@pytest.fixture
def pages(reader: Client, db: None) -> list[tuple[str, Page]]:
    """Return every kind of public page."""
    round_ = make_round()
    first = make_publication(round_, docx=make_file(b"PK word"), pdf=make_file(b"%PDF-1.7"))
    make_publication(round_, replaces=first)
    gone = make_publication(round_)
    gone.withdrawn_why = "误发"
    gone.withdrawn_at = gone.published_at
    gone.save()
    asked = [
        *ADDRESSES,
        f"/public/{first.slug}/",
        f"/public/{first.slug}/?size=larger&contrast=high",
        f"/public/{gone.slug}/",
    ]
    read = [(path, Page(reader.get(path))) for path in asked]
    form = make_form(first)
    make_answer(first, form=form)
    read.append(("form", Page(reader.get(f"/public/{first.slug}/answer/"))))
    read.append(("refused form", Page(reader.post(f"/public/{first.slug}/answer/", {"body": "x"}))))
    fill = {"form": make_form(first).token, "kind": "opinion", "body": "请增加接待窗口"}
    read.append(("received", Page(reader.post(f"/public/{first.slug}/answer/", fill))))
    read.append(("receipt", Page(reader.get("/public/answers/"))))
    read.append(("wrong receipt", Page(reader.post("/public/answers/", {"code": "A"}))))
    read.append(("standing", Page(reader.post("/public/answers/", {"code": form.code}))))
    return read


def test_pages_say_their_language_title_and_parts(pages: list[tuple[str, Page]]) -> None:
    titles = set()
    for path, page in pages:
        assert page.css("html")[0].attributes["lang"] == "zh-CN", path
        assert len(page.css("title")) == len(page.css("main")) == len(page.css("body > header")) == 1, path
        assert len(page.css("body > footer")) == 1, path
        assert page.css("body > :first-child")[0].attributes["href"] == "#content", path
        assert page.css("main")[0].attributes["id"] == "content", path
        viewport = page.css("meta[name=viewport]")[0].attributes["content"] or ""
        assert "user-scalable" not in viewport, path
        assert "maximum-scale" not in viewport, path
        titles.add(page.words("title")[0])
    assert len(titles) == len({path.split("?size")[0] for path, _page in pages})


def test_headings_go_down_one_step_at_a_time(pages: list[tuple[str, Page]]) -> None:
    for path, page in pages:
        levels = [int(str(heading.tag)[1]) for heading in page.css("h1, h2, h3, h4, h5, h6")]
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), (path, levels)


def test_everything_has_a_name(pages: list[tuple[str, Page]]) -> None:
    for path, page in pages:
        ids = [element.attributes["id"] for element in page.css("[id]")]
        assert len(ids) == len(set(ids)), path
        labelled = {label.attributes.get("for") for label in page.css("label")}
        for field in page.css("input:not([type=hidden]), select, textarea"):
            inside = field.parent is not None and field.parent.tag == "label"
            assert field.attributes.get("id") in labelled or inside, (path, field.html)
        for link in page.css("a, button"):
            assert link.text().strip() or link.attributes.get("aria-label"), (path, link.html)
        for picture in page.css("img"):
            assert "alt" in picture.attributes, path
        names = [nav.attributes.get("aria-label") or nav.attributes.get("aria-labelledby") for nav in page.css("nav")]
        assert all(names), path
        assert len(names) == len(set(names)), path
        for named in page.css("[aria-labelledby], [aria-describedby]"):
            for key in ("aria-labelledby", "aria-describedby"):
                for wanted in (named.attributes.get(key) or "").split():
                    assert wanted in ids, (path, wanted)
        for table in page.css("table"):
            assert table.css("th"), path
        assert not page.css("[tabindex]:not([tabindex='0']):not([tabindex='-1'])"), path


def test_links_that_say_the_same_lead_to_the_same(pages: list[tuple[str, Page]]) -> None:
    for path, page in pages:
        led: dict[str, set[str]] = {}
        for link in page.css("a"):
            led.setdefault(" ".join(link.text().split()), set()).add(link.attributes["href"] or "")
        assert {words: where for words, where in led.items() if len(where) > 1} == {}, path


def test_links_within_a_page_lead_somewhere(pages: list[tuple[str, Page]]) -> None:
    for path, page in pages:
        ids = {element.attributes["id"] for element in page.css("[id]")}
        assert [link for link in page.links() if link.startswith("#") and link[1:] not in ids] == [], path


def rules_of(selector: str) -> Iterator[str]:
    return (found[1] for found in re.finditer(rf"^{re.escape(selector)} \{{(.*?)\}}", SHEET, re.MULTILINE))


def test_what_is_pressed_is_large_enough() -> None:
    assert "min-height: 2.75rem" in next(rules_of("input, select, textarea"))
    assert "padding: .5rem 1.125rem" in next(rules_of(".button"))
    assert "min-width: 2rem; padding: .125rem .5rem" in next(rules_of(".ways a"))
