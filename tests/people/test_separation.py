"""The three officers stay apart also by detours."""

from __future__ import annotations

import pytest

from tests.factories.people import make_unit, make_user
from zhenggai.people import actions
from zhenggai.people.errors import OfficerPassword

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
