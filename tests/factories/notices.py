"""Publications that are valid by default. They are made as rows: what readers see is all that these tests look at."""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from tests.factories.findings import make_round
from zhenggai.findings.models import InspectionRound
from zhenggai.notices.models import Publication

_numbers = count(1)
HTML = (
    "<h1>{title}</h1><p>按照统一部署，现将整改情况予以公布。</p><h2>一、组织整改落实情况</h2>"
    "<p>巡察反馈的40个问题，已完成整改24个，阶段性完成16个。</p><h2>二、问题整改进展情况</h2>"
    "<h3>（一）履行监督职责方面</h3><h4>1.关于“台账登记不规范”的问题</h4><p>逐项核对，建立制度。</p>"
    "<table><tr><th>方面</th><th>问题</th></tr><tr><td>履职</td><td>4</td></tr></table>"
)


def make_publication(round_: InspectionRound | None = None, **values: Any) -> Publication:
    """Return a new publication; what stands is named by its text."""
    number = next(_numbers)
    round_ = round_ or make_round()
    title = values.pop("title", f"关于巡察整改情况的通报之{number}")
    text = values.pop(
        "text", f"{title}\n按照统一部署，现将整改情况予以公布。\n一、组织整改落实情况\n台账登记不规范的问题。"
    )
    given: dict[str, Any] = {
        "round": round_,
        "unit": round_.unit,
        "slug": f"notice-{number}",
        "title": title,
        "signed_by": f"中共{round_.unit.name}党组",
        "signed_on": date(2025, 1, 16),
        "summary": "巡察反馈的40个问题，已完成整改24个，阶段性完成16个。",
        "html": HTML.format(title=title),
        "text": text,
        "data": {"facts": {"title": title}},
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "published_at": timezone.now(),
    }
    return Publication.objects.create(**given | values)
