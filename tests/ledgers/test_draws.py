"""Declared draws: recorded first, the same for everybody ever after, nobody looks at their own, one batch that can be taken back."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.draws import CASES, CHOSEN, KIN, POOL, REVIEWS, make_drawable
from tests.factories.ledgers import declare
from tests.factories.people import make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.errors import (
    BadRow,
    CannotDraw,
    CannotUndo,
    DrawOver,
    FrameDiffers,
    PoolTooSmall,
    SourceOutOfReach,
)
from zhenggai.ledgers.models import Batch, Draw, Row, RowVersion
from zhenggai.packs.checking import check
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> Unit:
    made = make_unit()
    make_drawable(made)
    return made


@pytest.fixture
def clerk(body: Unit) -> User:
    """Return somebody named to keep the closed ledger, with a post that reads the others."""
    user = make_user("rectification_office", body)
    actions.name_reader("drawn_reviews", user=user, body=body, actor=OPERATOR, may_keep=True, reason="评查")
    return user


def plan(body: Unit, actor: User, *, seed: str = "三月", **more: object) -> Draw:
    given = {"values": {"level": "市院"}} | more
    return actions.plan_draw("drawn_reviews", CHOSEN, actor=actor, body=body, seed=seed, **given)  # type: ignore[arg-type]


def reviews() -> list[dict[str, str]]:
    found = RowVersion.objects.filter(ledger="drawn_reviews", valid_to=None, withdrawn=False)
    return [each.data for each in found.order_by("row_id")]


def test_a_draw_is_recorded_then_carried_out_once_and_told(body: Unit, clerk: User) -> None:
    draw = plan(body, clerk)
    assert (draw.frame_size, draw.pool_size, draw.drawn) == (12, 4, []), "no key case, nobody who left"
    assert not reviews(), "planning draws nothing"
    batch = actions.carry_out_draw(draw, actor=clerk)
    made = reviews()
    assert (batch.kind, batch.rows, batch.body) == (Batch.Kind.DRAW, 4, body)
    assert sorted(each["handler"] for each in made) == ["李二", "李二", "王一", "王一"]
    assert {each["seed"] for each in made} == {"三月"} and {each["level"] for each in made} == {"市院"}
    assert [each["review_no"] for each in made] == [f"PC{draw.pk:04d}-{n:03d}" for n in range(1, 5)]
    of_wang = {each["reviewer"] for each in made if each["handler"] == "王一"}
    assert of_wang == {"钱五"}, "not himself, not his department, not his relative"
    assert all(each["reviewer"] in {"王一", "赵四", "钱五"} for each in made if each["handler"] == "李二")
    told = Entry.objects.filter(object_type="ledger_draw").order_by("sequence")
    assert [each.code for each in told] == ["ledgers.draw_planned", "ledgers.draw_carried_out"]
    data = told[1].data
    assert (data["seed"], data["frame"], data["frame_print"]) == ("三月", 12, draw.frame_print)
    assert data["strata"] == {"李二": 2, "王一": 2}
    assert {name: sorted(why) for name, why in data["aside"].items()} == {
        "王一": ["own"], "赵四": ["same"], "孙六": ["relative", "same"],
    }  # fmt: skip
    with pytest.raises(DrawOver):
        actions.carry_out_draw(draw, actor=clerk)


def test_the_same_seed_and_moment_give_the_same_whatever_happens_later(body: Unit, clerk: User) -> None:
    draw = plan(body, clerk)
    case = Row.objects.filter(ledger="drawn_cases").order_by("pk")[0]
    person = Row.objects.filter(ledger="drawn_pool").order_by("pk")[2]
    actions.change_row(case, {"handler": "别人"}, actor=OPERATOR, revision=case.revision)
    actions.withdraw_row(person, actor=OPERATOR, reason="离库")
    actions.create_row("drawn_cases", {"no": "后来", "handler": "王一", "kind": "刑事"}, actor=OPERATOR, body=body)
    actions.carry_out_draw(draw, actor=clerk)
    draw.refresh_from_db()
    assert queries.redraw(draw, actor=clerk).is_same
    later = plan(body, clerk)
    assert later.frame_print != draw.frame_print
    Draw.objects.filter(pk=draw.pk).update(seed="四月")
    draw.refresh_from_db()
    again = queries.redraw(draw, actor=clerk)
    assert again.same_frame and again.same_pool and not again.same_rows


def test_period_share_and_number_bound_the_draw(body: Unit, clerk: User) -> None:
    draw = plan(body, clerk, since=date(2026, 3, 1), until=date(2026, 3, 6), percent=100, at_least=0)
    assert draw.frame_size == 6
    assert actions.carry_out_draw(draw, actor=clerk).rows == 6
    for wrong in (
        {"since": date(2027, 1, 1)}, {"since": date(2026, 4, 1), "until": date(2026, 3, 1)}, {"percent": 101},
        {"at_least": -1}, {"seed": "长" * 65},
    ):  # fmt: skip
        with pytest.raises(CannotDraw):
            plan(body, clerk, **wrong)  # type: ignore[arg-type]
    with pytest.raises(BadRow):
        plan(body, clerk, values={})
    with pytest.raises(CannotDraw):
        actions.plan_draw("drawn_reviews", "drawn_cases.other", actor=clerk, body=body)
    none = plan(body, clerk, percent=0, at_least=0)
    with pytest.raises(CannotDraw):
        actions.carry_out_draw(none, actor=clerk)


def test_a_pool_that_is_too_small_stops_the_draw(body: Unit, clerk: User) -> None:
    person = Row.objects.filter(ledger="drawn_pool", title__isnull=False).order_by("pk")[2]
    actions.withdraw_row(person, actor=OPERATOR, reason="离库")
    draw = plan(body, clerk)
    with pytest.raises(PoolTooSmall) as refused:
        actions.carry_out_draw(draw, actor=clerk)
    assert "2 件无人可派" in str(refused.value.describe(str).what)
    draw.refresh_from_db()
    assert draw.state == Draw.State.PLANNED and not reviews() and not Batch.objects.exists()


def test_the_batch_is_taken_back_as_a_whole(body: Unit, clerk: User) -> None:
    batch = actions.carry_out_draw(plan(body, clerk), actor=clerk)
    actions.undo_batch(batch, actor=clerk)
    assert not reviews()
    assert queries.redraw(Draw.objects.get(), actor=clerk).is_same, "the draw itself stays on record"
    with pytest.raises(CannotUndo):
        actions.undo_batch(batch, actor=clerk)


def test_what_was_drawn_is_drawn_no_second_time_unless_it_was_taken_back(body: Unit, clerk: User) -> None:
    meanwhile = plan(body, clerk, percent=100, at_least=0)
    batch = actions.carry_out_draw(plan(body, clerk), actor=clerk)
    first = {each["no"] for each in reviews()}
    with pytest.raises(CannotDraw) as refused:
        actions.carry_out_draw(meanwhile, actor=clerk)
    assert "另一次抽取已抽中其中 4 件" in str(refused.value.describe(str).what)
    rest = plan(body, clerk, percent=100, at_least=0)
    assert rest.frame_size == 8
    actions.carry_out_draw(rest, actor=clerk)
    drawn = [each["no"] for each in reviews()]
    assert len(drawn) == len(set(drawn)) == 12 and first < set(drawn)
    actions.undo_batch(batch, actor=clerk)
    assert plan(body, clerk).frame_size == 4
    rest.refresh_from_db()
    assert queries.redraw(rest, actor=clerk).is_same, "as of its moment those four were drawn"


def test_closed_ledgers_stay_closed_and_what_is_read_must_be_in_reach(body: Unit, clerk: User) -> None:
    draw = plan(body, clerk)
    posted = make_user("rectification_office", body)
    for act in (lambda: plan(body, posted), lambda: actions.carry_out_draw(draw, actor=posted)):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound):
        queries.access_draw(posted, "drawn_reviews", draw.pk)
    reader = make_user("rectification_office", body)
    actions.name_reader("drawn_reviews", user=reader, body=body, actor=OPERATOR, may_keep=False, reason="查阅")
    assert queries.access_draw(reader, "drawn_reviews", draw.pk) == draw
    assert queries.draw_again(draw).kept() and not queries.redraw(draw, actor=reader).same_rows
    for act in (lambda: plan(body, reader), lambda: actions.carry_out_draw(draw, actor=reader)):
        with pytest.raises(NotAllowed):
            act()
    stranger = make_user("rectification_office", make_unit())
    actions.name_reader("drawn_reviews", user=stranger, body=body, actor=OPERATOR, may_keep=True, reason="评查")
    for act in (lambda: plan(body, stranger), lambda: queries.redraw(draw, actor=stranger)):
        with pytest.raises(SourceOutOfReach):
            act()
    with pytest.raises(NotAllowed):
        plan(make_unit(), clerk)


def test_a_list_that_does_not_read_as_recorded_is_not_drawn_from(body: Unit, clerk: User) -> None:
    draw = plan(body, clerk)
    Draw.objects.update(frame_print="0" * 64)
    with pytest.raises(FrameDiffers):
        actions.carry_out_draw(draw, actor=clerk)


def test_that_two_are_related_stays_in_the_closed_ledger_that_says_so(body: Unit, clerk: User) -> None:
    declare(CASES, POOL, KIN.replace("key:", "secrecy: named\nkey:", 1), REVIEWS, enumerations=())
    with pytest.raises(SourceOutOfReach) as refused:
        plan(body, clerk)
    assert "试用亲属" not in str(refused.value.describe(str).what)
    actions.name_reader("drawn_kin", user=clerk, body=body, actor=OPERATOR, reason="回避审查")
    actions.carry_out_draw(plan(body, clerk), actor=clerk)
    told = Entry.objects.get(code="ledgers.draw_carried_out").data["aside"]["孙六"]
    assert sorted(told) == ["aside", "same"]


def test_an_open_ledger_takes_no_draw_from_a_closed_one(body: Unit) -> None:
    assert list(queries.draws_into("drawn_reviews")) == [CHOSEN]
    declare(
        CASES.replace("key:", "secrecy: named\nkey:", 1), POOL, KIN, REVIEWS.replace("secrecy: named\n", ""),
        enumerations=(),
    )  # fmt: skip
    assert not queries.draws_into("drawn_reviews")
    problems = [each.message for each in check(queries.current())]
    assert problems == ["限专人查阅的台账不能抽取到公开的台账。"]
