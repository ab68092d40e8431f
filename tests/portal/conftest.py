"""A browser of nobody in particular, and pages that no test before kept."""

from __future__ import annotations

import pytest
from django.test import Client

from zhenggai.portal.kept import PAGES, SEARCHES
from zhenggai.portal.pages import site_name
from zhenggai.portal.queries import state


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    PAGES.clear()
    SEARCHES.clear()
    for remembered in (state, site_name):
        remembered.forget()
        monkeypatch.setattr(remembered, "seconds", 0.0)


@pytest.fixture
def reader() -> Client:
    """Return somebody who reads."""
    return Client()
