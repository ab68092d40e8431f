"""A browser of nobody in particular, and pages that no test before kept."""

from __future__ import annotations

import pytest
from django.test import Client

from zhenggai.portal.kept import PAGES


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    PAGES.clear()


@pytest.fixture
def reader() -> Client:
    """Return somebody who reads."""
    return Client()
