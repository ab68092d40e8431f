"""The trail: appended in the act's own transaction, never changed, and broken places found."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from zhenggai.audit import guards
from zhenggai.audit.actions import acting_from, record
from zhenggai.audit.chain import canonical, hash_of, storable
from zhenggai.audit.errors import HeadMissing, TrailIsAppendOnly
from zhenggai.audit.models import ChainHead, Entry
from zhenggai.audit.queries import BreakKind, audit_codes, export_lines, label_of, verify_chain

pytestmark = pytest.mark.django_db


@contextmanager
def unguarded() -> Iterator[Any]:
    """Lift the triggers, as someone with the database's password could, and yield a cursor."""
    guards.remove(connection)
    with connection.cursor() as cursor:
        yield cursor
    guards.install(connection)


def append(count: int) -> None:
    for number in range(count):
        record(actor=None, code="test.act", object_type="thing", object_id=number, object_label=f"第{number}件")


def kinds() -> list[tuple[BreakKind, int]]:
    return [(found.kind, found.sequence) for found in verify_chain().breaks]


def test_entries_count_from_one_and_hold_each_other() -> None:
    append(5)
    report = verify_chain()
    assert report.holds
    assert report.checked == report.head_sequence == Entry.objects.count()
    entries = list(Entry.objects.all())
    assert [entry.previous_hash for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]


def test_an_act_that_is_undone_leaves_no_entry() -> None:
    append(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(actor=None, code="test.undone")
        raise ZeroDivisionError
    append(1)
    assert verify_chain().holds
    assert not Entry.objects.filter(code="test.undone").exists()


def test_values_of_all_kinds_come_back_hashing_the_same() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    data = {
        "text": "检察长\x00\ud800 “引号” 𠮷", "none": None, "yes": True, "int": 2**60, "float": 1e20, "tiny": 0.1,
        "decimal": Decimal("1.50"), "day": date(2026, 1, 2), "moment": moment, "id": uuid.UUID(int=7),
        "list": [1, (2, {3})], "nested": {"b": 1, "a": {"z": [], "y": {}}}, 5: "number as key",
    }  # fmt: skip
    record(actor=None, code="test.values", object_label="长" * 400, data=data)
    assert verify_chain().holds
    entry = Entry.objects.get()
    assert entry.data["moment"] == "2026-01-02T03:04:05.678901Z"
    assert entry.data["float"] == "1e+20"
    assert len(entry.object_label) == 300


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_stored_values_are_their_own_canonical_form(value: Any) -> None:
    kept = storable({"value": value})
    assert storable(kept) == kept
    assert json.loads(canonical(kept)) == kept


def test_the_model_refuses_every_change() -> None:
    append(1)
    entry = Entry.objects.get()
    entry.code = "test.other"
    for change in (
        entry.save,
        entry.delete,
        lambda: Entry.objects.update(code="x"),
        lambda: Entry.objects.filter(pk=1).delete(),
        lambda: Entry.objects.bulk_create([]),
        lambda: Entry.objects.bulk_update([], ["code"]),
    ):
        with pytest.raises(TrailIsAppendOnly):
            change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET code = 'x' WHERE sequence = 1",
        "DELETE FROM audit_entry",
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE sequence = 1",
        "TRUNCATE audit_entry",
    ],
)
def test_the_database_refuses_every_change(statement: str) -> None:
    append(2)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_chain().holds
    assert Entry.objects.count() == 2


def test_a_changed_entry_is_named() -> None:
    append(6)
    with unguarded() as cursor:
        cursor.execute("UPDATE audit_entry SET object_label = '别的' WHERE sequence = 3")
    assert kinds() == [(BreakKind.ALTERED, 3)]


def test_an_entry_rewritten_with_a_fitting_hash_is_named_by_the_next() -> None:
    append(6)
    entry = Entry.objects.get(sequence=3)
    forged = hash_of(entry, code="test.forged")
    with unguarded() as cursor:
        cursor.execute("UPDATE audit_entry SET code = 'test.forged', hash = %s WHERE sequence = 3", [forged])
    assert kinds() == [(BreakKind.REPLACED, 4)]


def test_removed_entries_are_named() -> None:
    append(6)
    with unguarded() as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE sequence IN (3, 4)")
    found = verify_chain().breaks
    assert [(one.kind, one.sequence, one.slots["last"]) for one in found] == [(BreakKind.REMOVED, 3, 4)]
    assert found[0].in_words() == "第 3 条至第 4 条缺失：被删除。"


def test_a_cut_beginning_and_a_cut_end_are_named() -> None:
    append(6)
    with unguarded() as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE sequence IN (1, 6)")
    assert kinds() == [(BreakKind.REMOVED, 1), (BreakKind.HEAD, 5)]


def test_swapped_entries_are_named() -> None:
    append(6)
    with unguarded() as cursor:
        for before, after in ((3, 90), (4, 3), (90, 4)):
            cursor.execute("UPDATE audit_entry SET sequence = %s WHERE sequence = %s", [after, before])
    assert kinds()[:2] == [(BreakKind.REORDERED, 3), (BreakKind.REORDERED, 4)]


def test_a_chain_rewritten_from_some_entry_on_is_found_by_an_anchor() -> None:
    append(4)
    noted = verify_chain()
    with unguarded() as cursor:
        previous = Entry.objects.get(sequence=1).hash
        for entry in Entry.objects.filter(sequence__gt=1):
            fresh = hash_of(entry, code="test.forged", previous_hash=previous)
            cursor.execute(
                "UPDATE audit_entry SET code = 'test.forged', previous_hash = %s, hash = %s WHERE sequence = %s",
                [previous, fresh, entry.sequence],
            )
            previous = fresh
        cursor.execute("UPDATE audit_chainhead SET last_hash = %s", [previous])
    assert verify_chain().holds
    found = verify_chain(anchor=(noted.head_sequence, noted.head_hash)).breaks
    assert [one.kind for one in found] == [BreakKind.ANCHOR]
    assert verify_chain(anchor=(99, "0" * 64)).breaks[0].kind == BreakKind.ANCHOR


def test_a_part_can_be_verified_alone() -> None:
    append(6)
    with unguarded() as cursor:
        cursor.execute("UPDATE audit_entry SET code = 'x' WHERE sequence = 2")
    assert verify_chain(4, 6).holds
    assert verify_chain(4, 6).checked == 3
    assert not verify_chain(1, 3).holds


def test_missing_triggers_are_reported() -> None:
    append(1)
    guards.remove(connection)
    assert [found.kind for found in verify_chain().breaks] == [BreakKind.UNGUARDED]
    guards.install(connection)
    assert verify_chain().holds


def test_a_lost_head_stops_all_recording() -> None:
    append(1)
    ChainHead.objects.all().delete()
    with pytest.raises(HeadMissing):
        append(1)


def test_the_export_can_be_checked_without_this_program() -> None:
    with acting_from("10.0.0.7"):
        append(3)
    previous = ""
    for line in export_lines():
        entry = json.loads(line)
        stated = entry.pop("hash")
        text = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == stated
        assert entry["previous_hash"] == previous
        assert entry["origin"] == "10.0.0.7"
        previous = stated
    assert previous == ChainHead.objects.get().last_hash


def test_codes_of_all_rooms_have_words() -> None:
    assert label_of("people.signed_in") == "登录"
    assert label_of("unheard.of") == "unheard.of"
    assert all(code.partition(".")[0] and str(words) for code, words in audit_codes().items())


@pytest.mark.django_db(transaction=True)
def test_acts_at_the_same_time_stand_in_one_line() -> None:
    # SQLite in memory has one writer by nature; PostgreSQL is asked to keep four in line.
    writers = 4 if connection.vendor == "postgresql" else 1

    def write(name: int) -> None:
        try:
            for number in range(10):
                with transaction.atomic():
                    record(actor=None, code="test.act", object_id=f"{name}.{number}")
        finally:
            if writers > 1:
                connection.close()

    with ThreadPoolExecutor(writers) as pool:
        for done in [pool.submit(write, name) for name in range(writers)] if writers > 1 else []:
            done.result()
    if writers == 1:
        write(0)
    assert verify_chain().holds
    assert Entry.objects.count() == writers * 10
