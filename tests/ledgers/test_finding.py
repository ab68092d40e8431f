"""Finding rows: what filters, words, order and groups answer, who sees what, and what is masked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.factories.ledgers import CASES, CLOSED, declare, make_row
from tests.factories.people import make_grassroots, make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.errors import AlreadyReader, BadQuery
from zhenggai.ledgers.queries import RowPage, RowQuery
from zhenggai.people.access import OPERATOR, forget_access
from zhenggai.people.models import Unit, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def court() -> Unit:
    declare(CASES, CLOSED)
    return make_unit("示例市人民检察院")


@pytest.fixture
def clerk(court: Unit) -> User:
    return make_user("rectification_office", court)


def ask(actor: User, text: str = "", ledger: str = "try_cases") -> RowPage:
    declared = queries.access_ledger(actor, ledger)
    return queries.find_rows(actor, declared, RowQuery.parse_string(text, declared))


def numbers(page: RowPage) -> list[str]:
    return [line.title.split()[0] for line in page.lines]


def test_filters_answer_by_type(court: Unit, clerk: User) -> None:
    make_row(court, no="示检1号", cause="盗窃电瓶车", accepted_on="2026-01-05", people=2, amount="300", tags="办结")
    make_row(court, no="示检2号", cause="诈骗", accepted_on="2026-03-01", people=30, state="done", closed="是")
    make_row(court, no="示检3号", accepted_on="2026-02-01", amount="1.5万", heard_at="2026-02-03 09:30")
    make_row(court, no="示检4号", cause="盗窃", suspect="张三", state="中止", accepted_on="2026-02-02")
    expected = {
        "f.cause.has=盗窃": ["示检4号", "示检1号"],
        "f.cause.empty=1": ["示检3号"],
        "f.accepted_on.from=2026-02-01&f.accepted_on.to=2026年2月28日": ["示检4号", "示检3号"],
        "f.state=done&f.state=paused": ["示检4号", "示检2号"],
        "f.state=办理中": ["示检3号", "示检1号"],
        "f.people.from=10": ["示检2号"],
        "f.people=2&f.people=-": ["示检4号", "示检3号", "示检1号"],
        "f.amount.from=0.1万元": ["示检3号"],
        "f.tags=done": ["示检1号"],
        "f.closed=是": ["示检2号"],
        "f.heard_at.to=2026-02-03": ["示检3号"],
        f"f.body={court.pk}&f.no=示检1号": ["示检1号"],
        "f.nothing=1&f.cause.like=a": ["示检4号", "示检3号", "示检2号", "示检1号"],
        "q=盗窃 电瓶": ["示检1号"],
        "q=“盗窃”，中止": ["示检4号"],
        "q=张三": [],
        "q=...": [],
    }
    assert {text: numbers(ask(clerk, text)) for text in expected} == expected
    with pytest.raises(BadQuery):
        ask(clerk, "f.accepted_on.from=春天")


def test_order_is_by_any_column_with_empty_ones_last_and_pages_never_overlap(court: Unit, clerk: User) -> None:
    for index in range(45):
        make_row(
            court,
            no=f"示检{index}号",
            people=index % 3 + 1,
            state=("open", "done", "paused")[index % 3] if index else "",
        )
    pages = [ask(clerk, f"sort=-people&size=20&page={page}") for page in (1, 2, 3)]
    seen = [number for page in pages for number in numbers(page)]
    assert len(seen) == len(set(seen)) == 45
    assert (pages[0].pages, pages[2].first, numbers(pages[0])[0]) == (3, 41, "示检44号")
    states = [line.cells[0].shown for line in ask(clerk, "sort=state&columns=state&size=50").lines]
    assert states == ["办理中"] * 14 + ["已办结"] * 15 + ["中止"] * 15 + [""]
    groups = ask(clerk, "group=people").groups
    assert [(each.shown, each.count) for each in groups] == [("1", 15), ("2", 15), ("3", 15)]
    view = ask(clerk, "view=open")
    assert [field.code for field in view.columns] == ["no", "state", "accepted_on"]


def test_a_question_survives_its_address(court: Unit, clerk: User) -> None:
    ledger = queries.access_ledger(clerk, "try_cases")
    text = "q=盗窃&f.state=open&f.state=-&f.no.has=示&f.people.from=2&sort=-people,no&columns=no,people&group=state&as_of=2026-06-30&size=20&page=3"
    query = RowQuery.parse_string(text, ledger)
    assert RowQuery.parse_string(query.to_string(), ledger) == query
    assert (query.page, len(query.filters), query.sort) == (3, 3, ("-people", "no"))
    view = actions.save_view("try_cases", actor=clerk, name="我的", query=text)
    kept = RowQuery.parse_string(view.query, ledger)
    assert kept == query.without_place()
    with pytest.raises(NotFound):
        actions.delete_view(view, actor=make_user("rectification_office", court))
    actions.delete_view(view, actor=clerk)
    assert not queries.saved_views(clerk, "try_cases").exists()


def test_members_of_a_branch_see_its_rows_and_those_about_it(court: Unit, clerk: User) -> None:
    branch, other = make_grassroots(court), make_grassroots(court)
    make_row(court, no="示检1号")
    make_row(court, no="示检2号", office=str(branch.pk))
    make_row(branch, no="示区检3号")
    make_row(other, no="示区检4号")
    assert len(numbers(ask(clerk))) == 4
    assert numbers(ask(make_user("grassroots_chief", branch))) == ["示区检3号", "示检2号"]
    assert numbers(ask(make_user("owner", other))) == ["示区检4号"]
    stranger = make_user("rectification_office", make_unit())
    assert numbers(ask(stranger)) == []
    with pytest.raises(NotFound):
        queries.row_view(stranger, "try_cases", ask(clerk).lines[0].row_id)


def test_personal_data_is_masked_and_cannot_be_found_out_by_asking(court: Unit) -> None:
    row = make_row(court, suspect="欧阳锋", phone="13912345678")
    reader, clerk = make_user("leading_group_member", court), make_user("case_management_clerk", make_dept(court))
    for actor in (reader, clerk):
        cells = {cell.code: cell for cell in ask(actor, "personal=1").lines[0].cells}
        assert (cells["suspect"].shown, cells["phone"].shown) == ("欧某某", "139***78")
        assert cells["suspect"].value is None and cells["suspect"].masked
        for text in ("f.suspect=欧阳锋", "f.suspect.has=欧", "sort=suspect", "group=phone", "f.phone.empty=0"):
            with pytest.raises(BadQuery):
                ask(actor, text)
        assert ask(actor, "q=欧阳").total == 0
    assert not Entry.objects.filter(code="ledgers.personal_read").exists()
    ledger = queries.access_ledger(reader, "try_cases")
    for act in (
        lambda: actions.read_personal("try_cases", RowQuery(), actor=reader),
        lambda: actions.open_personal("try_cases", str(row.pk), actor=reader),
    ):
        with pytest.raises(NotAllowed):
            act()
    make_row(court, suspect="张三")
    for text in ("f.suspect=欧阳锋", "q=欧阳"):
        page = actions.read_personal("try_cases", RowQuery.parse_string(text, ledger), actor=clerk)
        assert [cell.shown for cell in page.lines[0].cells][1:3] == ["欧阳锋", "13912345678"]
        assert page.total == 1
    entries = Entry.objects.filter(code="ledgers.personal_read").order_by("sequence")
    assert [entry.data["rows"] for entry in entries] == [[str(row.pk)], [str(row.pk)]]
    assert entries[0].data["fields"] == ["phone", "suspect"]
    assert actions.open_personal("try_cases", str(row.pk), actor=clerk).line.cells[1].shown == "欧阳锋"
    assert entries.all().count() == 3


def make_dept(court: Unit) -> Unit:
    return make_unit("案件管理办公室", kind=Unit.Kind.DEPARTMENT, parent=court)


def test_a_ledger_for_the_named_is_closed_to_all_others_whatever_their_post(court: Unit, clerk: User) -> None:
    row = make_row(court, "try_closed", no="密1", who="周七")
    security, chief = make_user("security_admin", court), make_user("first_responsible_person", court)
    for actor in (clerk, chief, security, make_user("discipline_group", court)):
        assert "try_closed" not in [ledger.ledger for ledger in queries.visible_ledgers(actor)]
        with pytest.raises(NotFound):
            queries.access_row(actor, "try_closed", row.pk)
        with pytest.raises(NotFound):
            queries.find_rows(actor, queries.access_declared("try_closed"), RowQuery())
        with pytest.raises(NotFound):
            actions.create_row("try_closed", {"no": "密2"}, actor=actor, body=court)
    with pytest.raises(NotAllowed):
        actions.name_reader("try_closed", actor=clerk, user=clerk, body=court, reason="自荐")
    with pytest.raises(AlreadyReader):
        actions.name_reader("try_cases", actor=security, user=clerk, body=court, reason="党组会决定")
    named = actions.name_reader("try_closed", actor=security, user=clerk, body=court, reason="党组会决定")
    with pytest.raises(AlreadyReader):
        actions.name_reader("try_closed", actor=security, user=clerk, body=court, reason="党组会决定")
    assert ask(clerk, ledger="try_closed").total == 1
    with pytest.raises(NotAllowed):
        actions.create_row("try_closed", {"no": "密2"}, actor=clerk, body=court)
    assert actions.open_personal("try_closed", str(row.pk), actor=clerk).line.cells[1].shown == "周七"
    actions.end_reader(named, actor=security)
    forget_access(clerk)
    with pytest.raises(NotFound):
        queries.row_view(clerk, "try_closed", str(row.pk))
    keeper = actions.name_reader(
        "try_closed", actor=OPERATOR, user=chief, body=court, reason="党组会决定", may_keep=True
    )
    assert actions.create_row("try_closed", {"no": "密2"}, actor=keeper.user, body=court).body == court


def test_the_state_of_a_past_moment_is_read_as_it_was(court: Unit, clerk: User) -> None:
    row = make_row(court, cause="盗窃")
    gone = make_row(court)
    before = row.versions.get().valid_from
    between = gone.versions.get().valid_from
    actions.change_row(row, {"cause": "诈骗"}, actor=clerk, revision=1)
    actions.withdraw_row(gone, actor=clerk, reason="重复")
    ledger = queries.access_ledger(clerk, "try_cases")

    def causes(as_of: datetime | None) -> list[str]:
        page = queries.find_rows(clerk, ledger, RowQuery(as_of=as_of, columns=("cause",)))
        return [line.cells[0].shown for line in page.lines]

    assert causes(datetime(2000, 1, 1, tzinfo=UTC)) == []
    assert causes(before) == ["盗窃"]
    assert causes(between) == ["", "盗窃"]
    assert causes(None) == ["诈骗"]
    assert queries.row_view(clerk, "try_cases", str(row.pk), as_of=between).line.cells[3].shown == "盗窃"
    assert queries.find_rows(clerk, ledger, RowQuery(as_of=between, text="盗窃")).total == 1
