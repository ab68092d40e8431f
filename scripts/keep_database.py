"""Keep a populated database of an earlier state as data for the migration test: see docs/operations.md.

Run with the code of that state, so that its own acts build the record::

    git worktree add /tmp/earlier COMMIT
    PYTHONPATH=/tmp/earlier/src ZHENGGAI_HOME=/tmp/earlier-home python scripts/keep_database.py tests/migrations/COMMIT.json.gz
"""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import django

LEFT_OUT = {"sessions", "contenttypes", "django_tasks_db", "django_tasks_database"}


def main(target: Path) -> None:
    """Build a record, edit it as an office does, and write all its rows."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenggai.project.settings")
    django.setup()
    from django.apps import apps
    from django.db import connection

    from zhenggai.audit.queries import verify_chain
    from zhenggai.commands.main import main as zhenggai
    from zhenggai.findings.models import Finding, Measure

    assert zhenggai(["demo", "load"]) == 0
    edit()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, MAX(name) FROM django_migrations GROUP BY app ORDER BY app")
        applied = [list(row) for row in cursor.fetchall()]
    rows: dict[str, Any] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in LEFT_OUT or model._meta.proxy:
            continue
        names = [field.attname for field in model._meta.concrete_fields]
        rows[model._meta.label] = {
            "fields": names,
            "rows": list(model._base_manager.order_by("pk").values_list(*names)),
        }
    head = verify_chain()
    expected = {
        "statuses": Counter(Finding.objects.filter(withdrawn_at=None).values_list("status", flat=True)),
        "findings": Finding.objects.count(),
        "measures": Measure.objects.count(),
        "head": [head.head_sequence, head.head_hash],
        "seen": seen(),
        "found": found(),
    }
    text = json.dumps({"applied": applied, "rows": rows, "expected": expected}, default=as_text, ensure_ascii=False)
    with gzip.GzipFile(target, "wb", mtime=0) as stream:
        stream.write(text.encode())
    print(f"{target}: {target.stat().st_size} bytes, {sum(len(each['rows']) for each in rows.values())} rows")


def as_text(value: object) -> str:
    """Return what JSON does not know, moments with all digits of their seconds."""
    return value.isoformat() if isinstance(value, date) else str(value)


def edit() -> None:
    """Edit the record as an office does: assign, correct, take off, keep a view, put a file beside a finding."""
    from zhenggai.findings import actions
    from zhenggai.findings.models import Finding
    from zhenggai.people.models import Post, User

    office = User.objects.get(pk=Post.objects.filter(role="rectification_office").order_by("pk").values("user")[:1])
    findings = list(Finding.objects.order_by("pk"))
    leader, owner = (
        User.objects.filter(posts__role=role, posts__ended_on=None).order_by("pk").first()
        for role in ("leader_in_charge", "owner")
    )
    head = Post.objects.filter(role="department_head").order_by("pk").select_related("unit", "user").first()
    assert leader and owner and head
    values = {"leader": leader.pk, "owner": owner.pk, "department": head.unit.pk, "due": "2030-06-30"}
    actions.assign_findings([finding.pk for finding in findings[:5]], values, actor=office)
    first = Finding.objects.get(pk=findings[0].pk)
    actions.update_finding(first, {"title": "改过标题的问题"}, actor=office, version=first.version)
    first.refresh_from_db()
    actions.add_measure(first, {"text": "再开展一次清查"}, actor=office, version=first.version)
    actions.withdraw_findings([findings[-1].pk], actor=office, reason="重复")
    actions.attach_file(first, actor=office, source=io.BytesIO("清查表".encode()), name="清查表.txt")


def seen() -> dict[str, int]:
    """Return how many findings each person saw, by sign-in name."""
    from zhenggai.findings.queries import visible_findings
    from zhenggai.people.models import User

    return {user.username: visible_findings(user).count() for user in User.objects.order_by("username")}


def found() -> dict[str, list[int]]:
    """Return what was found for some words."""
    from zhenggai.findings.models import Finding
    from zhenggai.findings.search import matching_ids

    asked = {word: matching_ids(word) for word in ("学习", "改过标题", "制度", "没有的词")}
    return {
        word: [] if ids is None else sorted(Finding.objects.filter(pk__in=ids).values_list("pk", flat=True))
        for word, ids in asked.items()
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
