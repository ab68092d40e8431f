"""The three officers stay apart also by detours."""

from __future__ import annotations

import pytest

from tests.factories.people import make_post, make_unit, make_user
from zhenggai.people import actions
from zhenggai.people.access import OPERATOR
from zhenggai.people.errors import LastOfficer, OfficerPassword

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["security_admin", "auditor"])
def test_closing_an_officers_account_does_not_open_its_password(role: str) -> None:
    court = make_unit("示例市人民检察院")
    system_admin, officer = make_user("system_admin", court), make_user(role, court)
    make_user(role, court)
    actions.deactivate_user(officer, actor=system_admin)
    with pytest.raises(OfficerPassword):
        actions.reset_password(officer, actor=system_admin)
    actions.reactivate_user(officer, actor=system_admin)


def test_of_two_posts_of_the_only_officer_one_may_end() -> None:
    court, other = make_unit(), make_unit()
    officer = make_user("security_admin", court)
    second = make_post(officer, other, "security_admin")
    actions.end_post(second, actor=OPERATOR)
    with pytest.raises(LastOfficer):
        actions.end_post(officer.posts.get(unit=court), actor=OPERATOR)
