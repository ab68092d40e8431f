"""What every test may use: a data folder of its own, a signed-in browser, a PostgreSQL server when asked for."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.postgres import PostgresServer
from tests.ready_database import ready_for_copies
from tests.threads import database_on_disk
from zhenggai.audit import guards

hypothesis_settings.register_profile(
    "suite",
    deadline=None,
    max_examples=60,
    derandomize=bool(os.environ.get("CI")),  # new examples are found at the desk, not while something lands
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
hypothesis_settings.register_profile("long", deadline=None, max_examples=2000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PAGES = ("web", "portal", "reports")
"""Folders whose tests look at what is shown; that every page asks PostgreSQL too, those of routes and query counts do."""
_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences", "django_db_setup"}


def browser_path() -> str | None:
    """Return the installed browser, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _is_page(item: pytest.Item) -> bool:
    room, name = item.path.parts[-2:]
    return room in _PAGES and name != "test_routes.py" and "queries" not in item.name


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that use the database; leave out, and say so, those that need a browser where there is none."""
    for item in items:
        if _is_page(item):
            item.add_marker("page")
        if _DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
            item.add_marker("database")
    if browser_path() is None:
        unusable = [item for item in items if item.get_closest_marker("browser")]
        if unusable:
            items[:] = [item for item in items if not item.get_closest_marker("browser")]
            config.hook.pytest_deselected(items=unusable)
            config.stash[_LEFT_OUT] = len(unusable)


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what stays: with tests that make many records it takes half the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


_LEFT_OUT = pytest.StashKey[int]()
_SERVER = pytest.StashKey[str]()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say on which database the run was, and what was left out."""
    terminalreporter.write_line(f"database: {config.stash.get(_SERVER, 'SQLite')}")
    left_out = config.stash.get(_LEFT_OUT, 0)
    if left_out:
        terminalreporter.write_line(
            f"{left_out} browser tests were left out: no browser found. "
            "Install one, e.g. apt-get install chromium fonts-noto-cjk",
            red=True,
        )


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start PostgreSQL when the run is on it: one server, on which each worker has a database of its own."""
    if django_settings.ON_POSTGRESQL and not hasattr(session.config, "workerinput"):
        server = PostgresServer(django_settings.POSTGRES_FOLDER)
        session.config.add_cleanup(server.stop)
        session.config.stash[_SERVER] = server.start()


@pytest.fixture(scope="session", autouse=True)
def _trail_may_be_emptied() -> Iterator[None]:
    """Lift the trail's triggers while a test that commits is cleaned up; the migration signal puts them back."""
    tear_down = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django's own hook

    def emptied(case: TransactionTestCase) -> None:
        guards.remove(connection)
        tear_down(case)

    TransactionTestCase._fixture_teardown = emptied  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = tear_down  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> Iterator[None]:
    """Begin with a copy of a database in which the migrations ran, instead of running them in each worker."""
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(ready_for_copies(django_settings.POSTGRES_FOLDER))
        yield


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """Return a data folder of this test's own."""
    folder = tmp_path / "home"
    folder.mkdir()
    settings.ZHENGGAI_HOME = folder
    return folder


@pytest.fixture(autouse=True)
def _own_home(request: pytest.FixtureRequest) -> None:
    """Give every test that uses the database a data folder of its own."""
    if _DATABASE_FIXTURES & set(request.fixturenames):
        request.getfixturevalue("home")


@pytest.fixture(scope="module")
def module_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Open the database for data that all tests of a module look at, undone after the last one.

    What one test changes is undone before the next, as always. For modules without tests that commit, and for data
    without files, since each test has a data folder of its own.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def locking_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Give a test with threads a database on which one waits for the other."""
    from zhenggai.findings.search import rebuild_search

    with database_on_disk(tmp_path):
        # The search index is no Django table: what other tests committed into it was not emptied with the rest.
        rebuild_search()
        yield


@pytest.fixture
def sign_in_as() -> Callable[..., Client]:
    """Return a function: a person → a client whose session is open for them."""
    from zhenggai.people.models import SignedInSession, User

    def sign_in(user: User, client: Client | None = None) -> Client:
        client = client or Client()
        session = client.session
        session.save()
        now = timezone.now()
        SignedInSession.objects.create(
            user=user, session_key=session.session_key, started_at=now, last_seen_at=now, address="127.0.0.1"
        )
        client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key
        return client

    return sign_in


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the browser of the system, without a sandbox (root) and without any traffic of its own."""
    return {
        **browser_type_launch_args,
        "executable_path": browser_path(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ],
    }
