"""A browser that speaks Chinese, never leaves the server, and is looked over by axe; pages leave their pictures."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request

from zhenggai.demo.load import load_organisation
from zhenggai.demo.papers import load_papers, state_statuses
from zhenggai.people.models import User

ROOT = Path(__file__).resolve().parent.parent.parent
# An ordinary run leaves the tree clean; PICTURES=docs/screenshots renews those of the documentation.
PICTURES = ROOT / os.environ.get("PICTURES", "build/screenshots")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'], resultTypes: ['violations']}"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
STICKING_OUT = """() => [...document.querySelectorAll("main *")]
  .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
  .map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 30)}`).slice(0, 6)"""
SILENT: Callable[[str], None] = lambda words: None  # noqa: E731 - what the loader would say

Open = Callable[..., Page]


Fill = Callable[[], object]


@pytest.fixture(scope="session")
def kept_records() -> Iterator[dict[str, tuple[sqlite3.Connection, Path]]]:
    """Return what was filled before: name → a copy of the database and of the data folder."""
    kept: dict[str, tuple[sqlite3.Connection, Path]] = {}
    yield kept
    for database, _folder in kept.values():
        database.close()


@pytest.fixture
def fill_once(
    transactional_db: None, home: Path, kept_records: Any, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Fill], None]:
    """Return a function that fills the record the first time, and every other time puts back what that gave."""

    def fill(name: str, act: Fill) -> None:
        if name in kept_records:
            database, folder = kept_records[name]
            connection.ensure_connection()
            database.backup(connection.connection)
            shutil.copytree(folder, home, dirs_exist_ok=True)
            return
        act()
        folder = shutil.copytree(home, tmp_path_factory.mktemp("kept") / "home")
        kept_records[name] = (sqlite3.connect(":memory:"), folder)
        connection.connection.backup(kept_records[name][0])

    return fill


@pytest.fixture
def record(fill_once: Callable[[str, Fill], None]) -> None:
    """Load the invented organisation with its two papers in the record."""

    def load() -> None:
        body = load_organisation(SILENT)
        load_papers(body, SILENT)
        state_statuses(body, SILENT)

    fill_once("record", load)


@pytest.fixture
def people(fill_once: Callable[[str, Fill], None]) -> None:
    """Load the invented organisation without any paper."""
    fill_once("people", lambda: load_organisation(SILENT))


@pytest.fixture
def open_browser(browser: Browser, live_server: Any) -> Iterator[Open]:
    """Return a function that opens a page of its own: size and, if wanted, without scripts."""
    contexts: list[BrowserContext] = []
    strays: list[str] = []
    complaints: list[str] = []
    home = urlsplit(live_server.url).netloc

    def watch(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != home:
            strays.append(request.url)

    def start(size: dict[str, int] = DESK, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=size,  # type: ignore[arg-type]  # a plain dict of width and height
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
            accept_downloads=True,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", watch)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None
        )
        return page

    yield start
    for context in contexts:
        context.close()
    assert strays == [], "requests left the server"
    assert complaints == [], "scripts failed or the content security policy was broken"


@pytest.fixture
def sign_in_page(live_server: Any, sign_in_as: Any, settings: Any) -> Callable[[Page, str], Page]:
    """Return a function that gives a page the open session of a person."""

    def sign_in(page: Page, username: str) -> Page:
        client = sign_in_as(User.objects.get(username=username))
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return page

    return sign_in


def look_over(page: Page, name: str) -> None:
    """Check the page with axe, that nothing sticks out sideways, and that no string was left out."""
    broken = [
        (violation["id"], [(node["target"], node["failureSummary"]) for node in violation["nodes"][:3]])
        for violation in _what_axe_finds(page)
    ]
    assert broken == [], f"axe on {name}"
    if page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"):
        assert page.evaluate(STICKING_OUT) == [], f"{name} sticks out sideways"


def _what_axe_finds(page: Page) -> Any:
    """Return the violations that axe finds on the page that stays.

    What was clicked last may still lead to another page; axe then ends with an error on the one that goes away, or has
    looked at it. The page's own policy forbids evaluating text, so axe comes in as the body of the evaluated function.
    """
    look = f"async () => {{ {AXE.read_text(encoding='utf-8')}; return await axe.run(document, {RULES}); }}"
    for last in (False, False, True):
        page.wait_for_load_state("load")
        address = page.url
        try:
            found = page.evaluate(look)
        except Error:
            if last:
                raise
            continue
        if page.url == address:
            return found["violations"]
    raise AssertionError(f"no page stayed: {page.url}")


def press(page: Page, key: str) -> None:
    """Press a key once the page's scripts listen: what the page shows comes before they do."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a picture of the page for the documentation, small enough for the repository."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    width = (page.viewport_size or DESK)["width"]
    path = PICTURES / f"{name}-{width}.png"
    page.screenshot(path=path, full_page=whole, animations="disabled")
    assert path.stat().st_size < 300_000, f"{name} is too large for the repository"
