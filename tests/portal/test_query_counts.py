"""How many queries the public pages cost, whatever the length of the archive: kept in ``query_counts.json``.

``UPDATE_QUERY_COUNTS=1`` writes the file anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.findings import make_round
from tests.factories.notices import make_publication
from zhenggai.portal.kept import PAGES, SEARCHES
from zhenggai.portal.search import index_new

KEPT = Path(__file__).with_name("query_counts.json")


@pytest.mark.django_db
def test_public_pages_cost_as_many_queries_as_written_down(reader: Client) -> None:
    round_ = make_round()
    older = make_publication(round_)
    it = make_publication(round_, replaces=older)
    for _number in range(25):
        make_publication(round_)
    index_new()
    pages = {
        "archive": "/public/",
        "archive, searched": "/public/?q=台账登记",
        "register": "/public/register/",
        "register.json": "/public/register.json",
        "about": "/public/about/",
        "feed": "/public/feed.xml",
        "sitemap": "/public/sitemap.xml",
        "notice": f"/public/{it.slug}/",
        "notice, replaced": f"/public/{older.slug}/",
        "notice.json": f"/public/{it.slug}/notice.json",
        "answer form": f"/public/{it.slug}/answer/",
        "receipt": "/public/answers/",
    }
    counts = {}
    for name, address in pages.items():
        PAGES.clear()
        SEARCHES.clear()
        for state in ("first", "kept"):
            with CaptureQueriesContext(connection) as queries:
                assert reader.get(address).status_code == 200
            counts[f"{name}: {state}"] = len(queries)
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        KEPT.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert counts == json.loads(KEPT.read_text(encoding="utf-8"))
