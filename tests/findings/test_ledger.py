"""The ledger's filters, order, pages and facets, held against plain Python over the same findings."""

from __future__ import annotations

import copy
import random
from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.findings import make_aspect, make_finding, make_measure, make_round
from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from zhenggai.findings import actions
from zhenggai.findings.lateness import line_on
from zhenggai.findings.ledger_query import COLUMN_KEYS, SORT_KEYS, Cursor, LedgerQuery
from zhenggai.findings.models import Finding, Status
from zhenggai.findings.queries import FACET_NAMES, default_sort, facets, find_findings, neighbours
from zhenggai.findings.standing import standing_of
from zhenggai.people.access import OPERATOR


class Ledger:
    """Some forty findings with all their fields drawn by chance, and people who see all or some of them."""

    def __init__(self) -> None:
        chance = random.Random(11)
        court = make_unit("示例市人民检察院")
        departments = [make_department(court, name) for name in ("办公室", "政治部", "第一检察部")]
        grassroots = make_grassroots(court, "北区检察院")
        people = [make_user("owner", department) for department in departments]
        self.rounds = [make_round(court, feedback_on="2024-07-18"), make_round(court, feedback_on="2023-07-18")]
        days = [None, *(timezone.localdate() + timedelta(days=days) for days in (-400, -1, 0, 3, 7, 8, 30, 31, 300))]
        for round_ in self.rounds:
            aspects = [make_aspect(round_, title) for title in ("党的建设", "检察业务")]
            for number in range(20):
                day = chance.choice(days)
                finding = make_finding(
                    round_,
                    f"{chance.choice(['学习', '台账', '接待', '采购'])}管理不规范{number % 5}",
                    no=str(number + 1),
                    aspect=chance.choice([None, *(aspect.pk for aspect in aspects)]),
                    status=chance.choice(Status.values),
                    kind=chance.choice(Finding.Kind.values),
                    unit=chance.choice([court, grassroots]).pk,
                    leader=chance.choice([None, *(person.pk for person in people)]),
                    owner=chance.choice([None, people[0].pk]),
                    department=chance.choice([None, *(unit.pk for unit in departments)]),
                    due=day.isoformat() if day else chance.choice(["长期坚持", "立行立改", "尽量安排", ""]),
                )
                if number % 3 == 0:
                    make_measure(finding, f"开展台账自查{number}")
        self.findings = list(Finding.objects.select_related("aspect"))
        self.clerk, self.head = make_user("rectification_office", court), make_user("department_head", departments[0])
        self.department, self.person = departments[0], people[0]


@pytest.fixture(scope="module")
def built_ledger(module_database: None) -> Ledger:
    return Ledger()


@pytest.fixture
def ledger(built_ledger: Ledger, db: None) -> Ledger:
    """Return the ledger as it was built, whatever other tests did to theirs."""
    return copy.deepcopy(built_ledger)


def every_row(actor: object, query: LedgerQuery) -> list[int]:
    """Return the keys of all rows, walking the pages forwards."""
    keys: list[int] = []
    while True:
        page = find_findings(actor, query)  # type: ignore[arg-type]
        assert page.first == (len(keys) + 1 if page.rows else 0)
        keys += [row.id for row in page.rows]
        assert page.total >= len(keys)
        if not page.next_cursor:
            assert page.total == len(keys)
            return keys
        query = LedgerQuery.parse_string(query.to_string(after=page.next_cursor))


def test_pages_follow_each_other_without_gap_or_repeat_both_ways(ledger: Ledger) -> None:
    for sort, descending in product(sorted(SORT_KEYS), (False, True)):
        query = LedgerQuery(sort=sort, descending=descending, page_size=20)
        pages = []
        at = query
        while True:
            page = find_findings(ledger.clerk, at)
            pages.append([row.id for row in page.rows])
            if not page.next_cursor:
                break
            at = LedgerQuery.parse_string(query.to_string(after=page.next_cursor))
        keys = [key for rows in pages for key in rows]
        assert len(keys) == len(set(keys)) == 40, query
        back = find_findings(ledger.clerk, LedgerQuery.parse_string(query.to_string(before=page.previous_cursor)))
        assert [row.id for row in back.rows] == pages[-2], query
        assert (back.first, back.previous_cursor) == (1, "")
        one = every_row(ledger.clerk, LedgerQuery(sort=sort, descending=descending, page_size=200))
        assert one == keys, query


def test_a_page_is_stable_while_rows_before_it_come_and_go(ledger: Ledger) -> None:
    first = find_findings(ledger.clerk, LedgerQuery(page_size=20))
    second = find_findings(ledger.clerk, LedgerQuery(page_size=20, after=first.next_cursor))
    actions.withdraw_findings([row.id for row in first.rows[:3]], actor=ledger.clerk, reason="重复")
    again = find_findings(ledger.clerk, LedgerQuery(page_size=20, after=first.next_cursor))
    assert [row.id for row in again.rows] == [row.id for row in second.rows]


def test_orders_mean_what_they_say(ledger: Ledger) -> None:
    def rows(sort: str) -> list[Finding]:
        by_key = {finding.pk: finding for finding in ledger.findings}
        return [by_key[key] for key in every_row(ledger.clerk, LedgerQuery(sort=sort, page_size=200))]

    dues = [finding.due_on or date.max for finding in rows("due")]
    assert dues == sorted(dues)
    assert [finding.round_id for finding in rows("order")] == [ledger.rounds[1].pk] * 20 + [ledger.rounds[0].pk] * 20
    orders = [finding.aspect.order if finding.aspect else 99 for finding in rows("aspect")][:20]
    assert orders == sorted(orders)
    assert rows("status")[0].status == Status.NOT_COMPLETED
    assert rows("status")[-1].status == Status.COMPLETED
    changed = [finding.changed_at for finding in rows("changed")]
    assert changed == sorted(changed, reverse=True)


def expected(ledger: Ledger, query: LedgerQuery) -> set[int]:
    today = timezone.localdate()

    def fits(finding: Finding) -> bool:
        pending = finding.status != Status.COMPLETED
        left = (finding.due_on - today).days if finding.due_on else None
        due = {
            "": True,
            "overdue": pending and left is not None and left < 0,
            "week": pending and left is not None and 0 <= left <= 7,
            "month": pending and left is not None and 0 <= left <= 30,
            "lasting": "长期" in finding.due_text,
            "at_once": finding.due_text == "立行立改",
            "none": left is None and finding.due_text not in ("长期坚持", "立行立改"),
            "range": finding.due_on is not None
            and (query.due_from is None or finding.due_on >= query.due_from)
            and (query.due_to is None or finding.due_on <= query.due_to),
        }[query.due]
        return (
            due
            and query.round in (None, finding.round_id)
            and all(
                not wanted or (getattr(finding, f"{name}_id") or 0) in wanted
                for name, wanted in (
                    ("aspect", query.aspect),
                    ("department", query.department),
                    ("leader", query.leader),
                    ("owner", query.owner),
                    ("unit", query.unit),
                )
            )
            and (not query.status or finding.status in query.status)
            and (not query.standing or standing_of(finding, line_on(today)) in query.standing)
            and (not query.kind or finding.kind in query.kind)
            and (not query.text or query.text in finding.title)
        )

    return {finding.pk for finding in ledger.findings if fits(finding)}


def some_queries(ledger: Ledger) -> list[LedgerQuery]:
    aspect = next(finding.aspect_id for finding in ledger.findings if finding.aspect_id)
    today = timezone.localdate()
    return [
        LedgerQuery(),
        LedgerQuery(round=ledger.rounds[0].pk),
        LedgerQuery(aspect=(aspect, 0)),
        LedgerQuery(aspect=(0,), status=("ongoing", "phased")),
        LedgerQuery(department=(ledger.department.pk,), due="overdue"),
        LedgerQuery(department=(0,), leader=(0, ledger.person.pk)),
        LedgerQuery(owner=(ledger.person.pk,), kind=("ordinary", "petition")),
        LedgerQuery(due="week"),
        LedgerQuery(due="month", status=("ongoing", "unknown", "completed")),
        LedgerQuery(due="none"),
        LedgerQuery(due="lasting"),
        LedgerQuery(due="at_once", status=("ongoing", "unknown", "completed", "phased")),
        LedgerQuery(due="range", due_from=today, due_to=today + timedelta(days=8)),
        LedgerQuery(due="range", due_to=today, status=("completed",)),
        LedgerQuery(text="接待", status=("ongoing",)),
        LedgerQuery(standing=("overdue", "completed")),
        LedgerQuery(standing=("ongoing",), status=("ongoing",), due="month"),
    ]


def test_filters_agree_with_plain_python(ledger: Ledger) -> None:
    for query in some_queries(ledger):
        assert set(every_row(ledger.clerk, query)) == expected(ledger, query), query


def test_facets_count_under_all_the_other_filters(ledger: Ledger) -> None:
    for query in some_queries(ledger):
        for facet in facets(ledger.clerk, query, FACET_NAMES):
            for option in facet.options:
                kind = str if facet.name in ("status", "standing", "kind", "due") else int
                value = option.value if facet.name == "due" else (kind(option.value),)
                changes = {facet.name: value}
                if facet.name == "due":
                    changes |= {"due_from": None, "due_to": None}
                with_it = LedgerQuery.parse_string(query.to_string(**changes))
                assert option.count == len(expected(ledger, with_it)), (query, facet.name, option)
            assert {option.value for option in facet.options if option.chosen} <= set(
                map(str, getattr(query, facet.name))
            ) | {query.due}


def test_neighbours_walk_the_filtered_list(ledger: Ledger) -> None:
    query = LedgerQuery(status=("ongoing", "phased", "completed"), sort="due", descending=True, page_size=20)
    keys = every_row(ledger.clerk, query)
    for place, key in enumerate(keys):
        beside = neighbours(ledger.clerk, query, Finding.objects.get(pk=key))
        assert beside.previous_id == (keys[place - 1] if place else None)
        assert beside.next_id == (keys[place + 1] if place + 1 < len(keys) else None)
        assert (beside.place, beside.total) == (place + 1, len(keys))
    outside = next(finding for finding in ledger.findings if finding.pk not in keys)
    assert neighbours(ledger.clerk, query, outside).place == 0


def test_what_is_urgent_comes_first_page_by_page(ledger: Ledger) -> None:
    today = timezone.localdate()

    def band(finding: Finding) -> tuple[int, date]:
        due = finding.due_on or date.max
        if finding.status == Status.COMPLETED:
            return 3, due
        return (0 if due < today else 1 if due <= today + timedelta(days=7) else 2), due

    there = {finding.pk: band(finding) for finding in ledger.findings}
    keys = every_row(ledger.clerk, LedgerQuery(sort="urgency", page_size=20))
    assert [there[key] for key in keys] == sorted(there.values())
    backwards = every_row(ledger.clerk, LedgerQuery(sort="urgency", descending=True, page_size=20))
    assert backwards == keys[::-1]


def test_leaders_and_owners_see_what_is_urgent_first_unless_they_ask_otherwise(ledger: Ledger) -> None:
    court = ledger.rounds[0].unit
    assert default_sort(ledger.clerk) == "order"
    for person in (ledger.person, ledger.head, make_user("leader_in_charge", court)):
        assert default_sort(person) == "urgency"
    query = LedgerQuery.parse({}, default_sort="urgency")
    assert query.sort == "urgency" and query.to_string() == ""
    asked = LedgerQuery.parse_string(query.sorted_by("order"), default_sort="urgency")
    assert (asked.sort, asked.descending) == ("order", False)
    assert LedgerQuery.parse_string(query.to_string(descending=True), default_sort="urgency").descending


def test_members_see_their_part_of_the_same_list(ledger: Ledger) -> None:
    mine = {f.pk for f in ledger.findings if f.department_id == ledger.department.pk}
    for query in some_queries(ledger):
        assert set(every_row(ledger.head, query)) == expected(ledger, query) & mine
    counts = {facet.name: sum(o.count for o in facet.options) for facet in facets(ledger.head, LedgerQuery())}
    assert counts["status"] == counts["leader"] == len(mine)


def test_rows_carry_what_the_table_shows(ledger: Ledger) -> None:
    finding = ledger.findings[0]
    finding.assist_departments.set([ledger.department])
    row = next(row for row in find_findings(OPERATOR, LedgerQuery(page_size=200)).rows if row.id == finding.pk)
    assert (row.title, row.no, row.version) == (finding.title, finding.no, finding.version)
    assert (row.assist_names, row.measure_count, row.measures_completed) == ("办公室", 1, 0)
    assert row.status_label == Status(finding.status).label


@given(
    st.dictionaries(
        st.sampled_from(
            ["round", "text", "aspect", "status", "department", "leader", "due", "due_from", "sort", "columns", "page_size",
             "after", "before", "withdrawn", "kind"]
        ),
        st.lists(st.text(max_size=12) | st.sampled_from(["1", "-due", "overdue", "2025-01-01", "ongoing", "20"]), max_size=3),
    )
)  # fmt: skip
def test_any_parameters_make_a_query_that_its_own_address_gives_back(values: dict[str, list[str]]) -> None:
    query = LedgerQuery.parse(values)
    assert LedgerQuery.parse_string(query.to_string()) == query
    assert set(query.columns) <= COLUMN_KEYS and query.sort in SORT_KEYS


@given(st.lists(st.text(max_size=6) | st.integers(-(2**40), 2**40), max_size=4), st.integers(0, 10**6))
def test_cursors_come_back_as_they_were(values: list[str | int], index: int) -> None:
    text = Cursor(tuple(values), index).encode()
    assert Cursor.decode(text, len(values)) == Cursor(tuple(values), index)
    assert Cursor.decode(text, len(values) + 1) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cursor", ["x", "é", "AAAA", "W10", "WzFd", Cursor(("a", "b", "c", "d"), 0).encode(), "9" * 5000]
)
def test_a_tampered_cursor_opens_the_first_page(cursor: str) -> None:
    make_finding()
    for sort in SORT_KEYS:
        assert find_findings(OPERATOR, LedgerQuery(sort=sort, after=cursor)).first == 1
        assert find_findings(OPERATOR, LedgerQuery(sort=sort, before=cursor)).first == 1


def test_addresses_beside_a_query() -> None:
    query = LedgerQuery.parse({"status": ["ongoing"], "sort": ["-due"], "after": ["abc"]})
    assert LedgerQuery.parse_string(query.toggled("status", "phased")).status == ("ongoing", "phased")
    assert LedgerQuery.parse_string(query.toggled("status", "ongoing")).status == ()
    assert "after" not in query.toggled("department", "3")
    assert LedgerQuery.parse_string(query.sorted_by("due")).descending is False
    assert query.filters == (("status", "ongoing"),)
