"""Many rows at once: all or none, and taken back as a whole."""

from __future__ import annotations

import pytest

from tests.factories.ledgers import CASES, declare, make_row
from tests.factories.people import make_grassroots, make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.ledgers import actions
from zhenggai.ledgers.errors import BadRow, CannotUndo, KeyTaken, NothingChosen, SomeOutOfReach
from zhenggai.ledgers.models import Batch, Row, RowVersion
from zhenggai.people.models import Unit, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def court() -> Unit:
    declare(CASES)
    return make_unit()


@pytest.fixture
def clerk(court: Unit) -> User:
    return make_user("rectification_office", court)


def causes() -> dict[str, str]:
    rows = RowVersion.objects.filter(valid_to=None, withdrawn=False)
    return {row.data["no"]: row.data.get("cause", "") for row in rows}


def test_a_bulk_change_is_told_beforehand_made_at_once_and_taken_back_as_a_whole(court: Unit, clerk: User) -> None:
    rows = [make_row(court, no=f"示检{index}号", cause="盗窃" if index else "诈骗") for index in range(4)]
    keys = [row.pk for row in rows]
    values = {"cause": "诈骗", "state": "办结"}
    before = causes()
    preview = actions.preview_bulk("try_cases", keys, {"cause": "诈骗"}, actor=clerk)
    assert (preview.chosen, preview.changed, preview.problems) == (4, 3, {})
    assert causes() == before
    batch = actions.bulk_change("try_cases", keys, values, actor=clerk, reason="统一口径")
    assert batch is not None and (batch.rows, batch.body) == (4, court)
    assert set(causes().values()) == {"诈骗"}
    assert actions.bulk_change("try_cases", keys, values, actor=clerk) is None
    undo = actions.undo_batch(batch, actor=clerk)
    assert causes() == before and undo.kind == Batch.Kind.UNDO
    with pytest.raises(CannotUndo):
        actions.undo_batch(batch, actor=clerk)
    codes = Entry.objects.filter(object_type="ledger_batch").order_by("sequence").values_list("code", flat=True)
    assert list(codes) == ["ledgers.rows_changed", "ledgers.batch_undone"]


def test_one_row_that_cannot_be_changed_stops_all(court: Unit, clerk: User) -> None:
    mine, theirs = make_row(court), make_row(make_unit())
    withdrawn = make_row(court)
    actions.withdraw_row(withdrawn, actor=clerk, reason="重复")
    count = RowVersion.objects.count()
    for keys in ([mine.pk, theirs.pk], [mine.pk, withdrawn.pk], [mine.pk, 10**9]):
        with pytest.raises(SomeOutOfReach):
            actions.bulk_change("try_cases", keys, {"cause": "盗窃"}, actor=clerk)
    with pytest.raises(NothingChosen):
        actions.bulk_change("try_cases", [], {"cause": "盗窃"}, actor=clerk)
    with pytest.raises(BadRow):
        actions.bulk_change("try_cases", [mine.pk], {"people": "很多"}, actor=clerk)
    with pytest.raises(KeyTaken):
        actions.bulk_change("try_cases", [mine.pk, make_row(court).pk], {"no": "示检900号"}, actor=clerk)
    assert RowVersion.objects.count() == count + 1
    preview = actions.preview_bulk("try_cases", [mine.pk], {"people": "0"}, actor=clerk)
    assert preview.problems == {mine.pk: "“人数”不能填“0”：不能小于 1"}
    with pytest.raises(NotAllowed):
        actions.bulk_change("try_cases", [mine.pk], {"cause": "盗窃"}, actor=make_user("owner", court))


def test_a_batch_whose_rows_were_changed_since_is_not_taken_back(court: Unit, clerk: User) -> None:
    row = make_row(court)
    batch = actions.bulk_change("try_cases", [row.pk], {"cause": "盗窃"}, actor=clerk)
    assert batch is not None
    with pytest.raises(NotFound):
        actions.undo_batch(batch, actor=make_user("grassroots_liaison", make_grassroots(court)))
    actions.change_row(row, {"people": "2"}, actor=clerk, revision=2)
    with pytest.raises(CannotUndo) as refused:
        actions.undo_batch(batch, actor=clerk)
    assert row.title in str(refused.value)
    assert Row.objects.get().revision == 3
