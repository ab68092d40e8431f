"""Two people at once: nothing is lost, nothing stands twice."""

from __future__ import annotations

import pytest

from tests.factories.ledgers import CASES, declare, make_row
from tests.factories.people import make_unit, make_user
from tests.threads import at_once
from zhenggai.audit.queries import verify_chain
from zhenggai.ledgers import actions
from zhenggai.ledgers.errors import ChangedMeanwhile, KeyTaken, ValueTaken
from zhenggai.ledgers.models import Row, RowVersion, UniqueValue
from zhenggai.people.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("locking_database")]


def test_of_several_at_once_one_wins_and_the_others_are_told() -> None:
    declare(CASES)
    court = make_unit()
    clerk = make_user("rectification_office", court)

    def fresh() -> User:
        return User.objects.get(pk=clerk.pk)

    answers = at_once(
        *(lambda: actions.create_row("try_cases", {"no": "示检1号"}, actor=fresh(), body=court) for _ in range(3))
    )
    assert [type(each) for each in answers if not isinstance(each, Row)] == [KeyTaken, KeyTaken]
    row = Row.objects.get()
    answers = at_once(
        *(
            lambda cause=cause: actions.change_row(row, {"cause": cause}, actor=fresh(), revision=1)
            for cause in ("盗窃", "诈骗", "抢劫")
        )
    )
    assert sum(isinstance(each, ChangedMeanwhile) for each in answers) == 2
    others = [make_row(court), make_row(court)]
    answers = at_once(
        *(
            lambda other=other: actions.change_row(other, {"phone": "13800000000"}, actor=fresh(), revision=1)
            for other in others
        )
    )
    assert sum(isinstance(each, ValueTaken) for each in answers) == 1
    assert UniqueValue.objects.count() == 1
    assert RowVersion.objects.filter(valid_to=None).count() == 3
    assert verify_chain().holds
