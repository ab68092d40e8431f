"""Entering and changing rows: what is kept, what is refused, and what everybody is told."""

from __future__ import annotations

import pytest

from tests.factories.ledgers import CASES, CLOSED, declare, make_row
from tests.factories.people import make_grassroots, make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.errors import (
    BadRow,
    ChangedMeanwhile,
    IsWithdrawn,
    KeyTaken,
    NotWithdrawn,
    ReasonMissing,
    UnknownField,
    ValueTaken,
)
from zhenggai.ledgers.models import RowVersion
from zhenggai.people.models import Unit, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def court() -> Unit:
    declare(CASES, CLOSED)
    return make_unit("示例市人民检察院")


@pytest.fixture
def clerk(court: Unit) -> User:
    return make_user("rectification_office", court, name="王五")


def test_a_row_keeps_values_in_one_form_and_shows_them_as_people_read_them(court: Unit, clerk: User) -> None:
    row = actions.create_row(
        "try_cases",
        {
            "no": "示检7号", "suspect": " 张三丰 ", "office": "示例市人民检察院", "accepted_on": "2025年3月7日", "state": "办理中",
            "tags": "在办、办结", "people": "3人", "amount": "1.5万元", "share": "48.37%", "closed": "否",
            "heard_at": "2025/3/9 9:30",
        },
        actor=clerk,
        body=court,
    )  # fmt: skip
    assert row.versions.get().data == {
        "no": "示检7号", "suspect": "张三丰", "office": str(court.pk), "accepted_on": "2025-03-07", "state": "open",
        "tags": ["open", "done"], "people": 3, "amount": "15000.00", "share": "48.37", "closed": False,
        "heard_at": "2025-03-09T09:30",
    }  # fmt: skip
    shown = {cell.code: cell.shown for cell in queries.row_view(clerk, "try_cases", str(row.pk)).line.cells}
    assert shown == {
        "no": "示检7号", "suspect": "张某某", "phone": "", "cause": "", "office": "示例市人民检察院",
        "accepted_on": "2025-03-07", "state": "在办", "tags": "在办、办结", "people": "3", "amount": "15,000.00",
        "share": "48.37%", "closed": "否", "heard_at": "2025-03-09 09:30",
    }  # fmt: skip
    assert (row.key, row.title, row.unit_id) == ("示检7号", "示检7号 张某某", court.pk)


def test_every_field_that_cannot_be_taken_is_told_at_once(court: Unit, clerk: User) -> None:
    bad = {
        "no": "7", "accepted_on": "2025-02-30", "state": "撤回", "people": "0", "amount": "1.234", "share": "很多",
        "closed": "也许", "office": "某单位", "heard_at": "晚上",
    }  # fmt: skip
    with pytest.raises(BadRow) as refused:
        actions.create_row("try_cases", bad, actor=clerk, body=court)
    assert set(refused.value.problems) == set(bad)
    assert refused.value.problems["no"] == "“案号”不能填“7”：应形如“示检1号”"
    with pytest.raises(BadRow) as refused:
        actions.create_row("try_cases", {"suspect": "李四"}, actor=clerk, body=court)
    assert refused.value.problems == {"no": "“案号”必须填写"}
    with pytest.raises(UnknownField):
        actions.create_row("try_cases", {"no": "示检1号", "colour": "red"}, actor=clerk, body=court)
    assert not RowVersion.objects.exists()


def test_key_and_unique_values_stand_once_in_a_body_and_are_free_again_when_withdrawn(court: Unit, clerk: User) -> None:
    first = make_row(court, no="示检1号", phone="13800000000")
    with pytest.raises(KeyTaken):
        make_row(court, no="示检1号")
    with pytest.raises(ValueTaken):
        make_row(court, no="示检2号", phone="13800000000")
    make_row(make_unit(), no="示检1号", phone="13800000000")
    actions.withdraw_row(first, actor=clerk, reason="重复")
    second = make_row(court, no="示检1号")
    with pytest.raises(KeyTaken):
        actions.restore_row(first, actor=clerk)
    actions.change_row(second, {"no": "示检3号", "phone": "13800000001"}, actor=clerk, revision=1)
    assert actions.restore_row(first, actor=clerk).withdrawn_at is None


def test_a_change_makes_a_version_and_an_older_sight_is_refused_with_who_and_what(court: Unit, clerk: User) -> None:
    row = make_row(court, cause="盗窃", suspect="张三")
    other = make_user("rectification_office", court, name="赵六")
    actions.change_row(row, {"cause": "诈骗", "suspect": "李四"}, actor=other, revision=1)
    with pytest.raises(ChangedMeanwhile) as refused:
        actions.change_row(row, {"cause": "抢劫"}, actor=clerk, revision=1)
    words = refused.value.describe().what
    assert "赵六" in words and "盗窃 → 诈骗" in words and "李四" not in words
    unchanged = actions.change_row(row, {"cause": "诈骗"}, actor=clerk, revision=2)
    assert unchanged.revision == 2
    newest, oldest = queries.row_history(row)
    assert (newest.who, oldest.who) == ("赵六", "")
    assert [(each.label, each.before, each.after) for each in newest.changes] == [
        ("嫌疑人", "张某", "李某"),
        ("案由", "盗窃", "诈骗"),
    ]
    versions = list(row.versions.order_by("revision"))
    assert versions[0].valid_to == versions[1].valid_from


def test_withdrawing_needs_a_reason_and_is_a_version_too(court: Unit, clerk: User) -> None:
    row = make_row(court)
    with pytest.raises(ReasonMissing):
        actions.withdraw_row(row, actor=clerk, reason=" ")
    with pytest.raises(NotWithdrawn):
        actions.restore_row(row, actor=clerk)
    actions.withdraw_row(row, actor=clerk, reason="登记有误")
    with pytest.raises(IsWithdrawn):
        actions.change_row(row, {"cause": "盗窃"}, actor=clerk, revision=2)
    everything = queries.RowQuery(withdrawn=True)
    ledger = queries.access_ledger(clerk, "try_cases")
    assert queries.find_rows(clerk, ledger, everything).total == 1
    assert queries.find_rows(clerk, ledger, queries.RowQuery()).total == 0
    assert [each.withdrawn for each in queries.row_history(row)] == [True, False]


def test_only_keepers_of_the_body_write_and_others_do_not_learn_whether_a_row_exists(court: Unit, clerk: User) -> None:
    branch = make_grassroots(court)
    liaison = make_user("grassroots_liaison", branch)
    row, theirs = make_row(court), make_row(branch, no="示区检1号")
    with pytest.raises(NotFound):
        queries.access_row(liaison, "try_cases", row.pk)
    with pytest.raises(NotFound):
        actions.change_row(row, {"cause": "盗窃"}, actor=liaison, revision=1)
    with pytest.raises(NotAllowed):
        actions.create_row("try_cases", {"no": "示检9号"}, actor=liaison, body=court)
    actions.change_row(theirs, {"cause": "盗窃"}, actor=liaison, revision=1)
    actions.change_row(theirs, {"cause": "诈骗"}, actor=clerk, revision=2)
    about = make_row(court, office=str(branch.pk))
    assert queries.access_row(liaison, "try_cases", about.pk) == about
    with pytest.raises(NotAllowed):
        actions.change_row(about, {"cause": "盗窃"}, actor=liaison, revision=1)
    reader = make_user("leading_group_member", court)
    with pytest.raises(NotAllowed):
        actions.change_row(row, {"cause": "盗窃"}, actor=reader, revision=1)
    with pytest.raises(NotFound):
        queries.access_ledger(make_user("auditor", court), "try_cases")


def test_the_trail_tells_of_each_act_without_personal_data(court: Unit, clerk: User) -> None:
    row = actions.create_row("try_cases", {"no": "示检1号", "suspect": "欧阳锋"}, actor=clerk, body=court)
    actions.change_row(row, {"phone": "13912345678"}, actor=clerk, revision=1)
    actions.withdraw_row(row, actor=clerk, reason="重复")
    entries = Entry.objects.filter(object_type="ledger_row").order_by("sequence")
    assert [entry.code for entry in entries] == ["ledgers.row_created", "ledgers.row_changed", "ledgers.row_withdrawn"]
    assert entries[1].data["changes"] == {"phone": ["", "139***78"]}
    told = "".join(f"{entry.object_label}{entry.data}" for entry in entries)
    assert "欧阳锋" not in told and "13912345678" not in told
