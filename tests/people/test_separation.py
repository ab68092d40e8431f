"""The three officers stay apart also by detours."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from tests.factories.people import make_post, make_unit, make_user
from tests.threads import at_once
from zhenggai.people import actions
from zhenggai.people.access import OPERATOR
from zhenggai.people.actions import accounts, posts
from zhenggai.people.errors import LastOfficer, OfficerPassword
from zhenggai.people.models import User

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


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("locking_database")
@pytest.mark.parametrize("by_posts", [False, True])
def test_of_the_last_two_officers_one_stays_when_both_are_removed_at_once(
    by_posts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    court = make_unit()
    officers = [make_user("auditor", court) for _ in range(2)]
    meeting = Barrier(2)
    check = accounts.check_not_last_officer

    def check_together(user: User, role: str) -> None:
        check(user, role)
        if role != "auditor":
            return
        with suppress(BrokenBarrierError):  # the other one waits for a lock and so never comes
            meeting.wait(0.3)

    for module in (accounts, posts):
        monkeypatch.setattr(module, "check_not_last_officer", check_together)
    if by_posts:
        held = [officer.posts.get() for officer in officers]
        answers = at_once(*(lambda post=post: actions.end_post(post, actor=OPERATOR) for post in held))
    else:
        answers = at_once(*(lambda user=user: actions.deactivate_user(user, actor=OPERATOR) for user in officers))
    assert sum(isinstance(answer, LastOfficer) for answer in answers) == 1, answers
    assert accounts.current_posts().filter(role="auditor").count() == 1
