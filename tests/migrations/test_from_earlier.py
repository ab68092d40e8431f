"""A populated database of an earlier state is migrated forward, keeps everything, and the loop can begin on it."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from zhenggai.audit import guards
from zhenggai.audit.queries import verify_chain
from zhenggai.commands.migrate import pending
from zhenggai.findings import search
from zhenggai.findings.actions import add_measure, assign_findings, update_measure
from zhenggai.findings.models import Finding, Measure, Stage
from zhenggai.findings.overview import overview
from zhenggai.findings.queries import visible_findings
from zhenggai.people.models import User
from zhenggai.policy.actions import seed_calendar
from zhenggai.workflow import actions
from zhenggai.workflow.queries import loop_of, plan_gaps

KEPT = sorted(Path(__file__).parent.glob("*.json.gz"))

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def empty_database(folder: Path) -> Iterator[None]:
    """Put an empty database in the place of the test database meanwhile."""
    before, settings = connections["default"], connections.settings["default"]
    # Each worker has a test database of its own name, and so an earlier one.
    name = f"{before.settings_dict['NAME']}_earlier"
    if before.vendor == "sqlite":
        name = str(folder / "earlier.sqlite3")
    if before.vendor == "postgresql":
        with before._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # Django's own door for test databases
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
    connections.settings["default"] = {**settings, "NAME": name}
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"], connections.settings["default"] = before, settings
        if before.vendor == "postgresql":
            with before._nodb_cursor() as cursor:  # type: ignore[attr-defined]
                cursor.execute(f"DROP DATABASE {name}")


def load(kept: dict[str, Any]) -> None:
    """Make the tables of the earlier state and fill them."""
    executor = MigrationExecutor(connection)
    targets = [(app, name) for app, name in kept["applied"] if (app, name) in executor.loader.graph.nodes]
    state = executor.migrate(targets)
    models = {model._meta.label: model for model in state.apps.get_models(include_auto_created=True)}
    with transaction.atomic():
        for label, told in kept["rows"].items():
            if label == "findings.SearchText":
                texts = dict(told["rows"])
                write = search._write_postgresql if connection.vendor == "postgresql" else None
                if write is None:
                    search._write_sqlite(texts, {})
                else:
                    write(texts)
                continue
            model = models[label]
            fields = [next(f for f in model._meta.concrete_fields if f.attname == name) for name in told["fields"]]
            rows = [
                {f.attname: f.to_python(value) for f, value in zip(fields, row, strict=True)} for row in told["rows"]
            ]
            if label == "audit.ChainHead":
                model._base_manager.all().delete()
            model._base_manager.bulk_create([model(**row) for row in rows], batch_size=200)
        statements = connection.ops.sequence_reset_sql(no_style(), list(models.values()))
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    guards.install(connection)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name.partition(".")[0])
def test_an_earlier_record_is_kept_whole_and_goes_on(path: Path, tmp_path: Path) -> None:
    kept = json.loads(gzip.decompress(path.read_bytes()))
    expected = kept["expected"]
    with empty_database(tmp_path):
        load(kept)
        assert pending()
        call_command("migrate", verbosity=0, interactive=False)
        assert pending() == []

        standing = Finding.objects.filter(withdrawn_at=None)
        assert Counter(standing.values_list("status", flat=True)) == expected["statuses"]
        assert set(Finding.objects.values_list("stage", flat=True)) == {Stage.REGISTERED}
        assert (Finding.objects.count(), Measure.objects.count()) == (expected["findings"], expected["measures"])
        seen = {user.username: visible_findings(user).count() for user in User.objects.order_by("username")}
        # What was not filed is no longer shown to the inspection office.
        inspectors = {user.username for user in User.objects.filter(posts__role="inspection_office")}
        assert {name: 0 if name in inspectors else count for name, count in expected["seen"].items()} == seen
        for word, keys in expected["found"].items():
            assert sorted(Finding.objects.filter(pk__in=search.matching_ids(word)).values_list("pk", flat=True)) == keys
        report = verify_chain(anchor=tuple(expected["head"]))
        assert report.holds and [report.head_sequence, report.head_hash] == expected["head"], report.breaks

        begin_the_loop()
        assert verify_chain(anchor=tuple(expected["head"])).holds


def begin_the_loop() -> None:
    """Let the office complete the lists of a round and the chief approve its plan, and do some work."""
    office, chief, owner, head, leader = (
        User.objects.filter(posts__role=role, posts__ended_on=None).order_by("pk").first()
        for role in (
            "rectification_office",
            "first_responsible_person",
            "owner",
            "department_head",
            "leader_in_charge",
        )
    )
    assert office and chief and owner and head and leader
    seed_calendar(actor=office)
    round_ = Finding.objects.order_by("pk")[:1].get().round
    keys = list(round_.findings.filter(withdrawn_at=None).values_list("pk", flat=True))
    department = head.posts.get(role="department_head").unit
    values = {"leader": leader.pk, "owner": owner.pk, "department": department.pk, "due": "2031-06-30"}
    assign_findings(keys, values, actor=office)
    for key in keys:
        finding = Finding.objects.get(pk=key)
        for measure in finding.measures.filter(withdrawn_at=None):
            version = Finding.objects.get(pk=key).version
            told = {"nature": "fix_now", "criterion": "资产入账", "due": ""}
            update_measure(measure, told, actor=office, version=version)
    lacking = {gap.finding_id for gap in plan_gaps(round_)}
    for key in lacking:
        finding = Finding.objects.get(pk=key)
        add_measure(
            finding,
            {"text": "开展清查", "nature": "fix_now", "criterion": "入账"},
            actor=office,
            version=finding.version,
        )
    assert plan_gaps(round_) == ()
    plan = actions.submit_plan(actions.open_plan(round_, actor=office), actor=office)
    actions.approve_plan(plan, actor=chief)
    assert set(Finding.objects.filter(pk__in=keys).values_list("stage", flat=True)) == {Stage.WORKING}
    finding = Finding.objects.get(pk=keys[0])
    actions.write_progress(finding, actor=owner, text="已开始清查")
    assert loop_of(owner, Finding.objects.get(pk=keys[0])).may.submit
    assert overview(office, round_) is not None
