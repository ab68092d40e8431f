"""What an import lets nobody see or load beyond their reach."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.findings import make_finding, make_round
from tests.factories.intake import make_import
from tests.factories.people import make_grassroots, make_unit, make_user
from zhenggai.intake import actions
from zhenggai.intake.errors import DraftChanged
from zhenggai.intake.queries import draft_view
from zhenggai.kit.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_reaching_one_finding_of_a_round_does_not_open_the_round_to_a_document() -> None:
    court = make_unit("示例市人民检察院")
    north = make_grassroots(court)
    clerk = make_user("rectification_office", north)
    round_ = make_round(court)
    make_finding(round_, "派驻监督不到位", unit=north.pk)
    make_finding(round_, "公务用车管理不严")
    document = make_import(unit=north, user=clerk)
    with pytest.raises(NotAllowed):
        actions.choose_round(document, round_, actor=clerk)
    own = make_round(north)
    assert actions.choose_round(document, own, actor=clerk).round == own


def test_the_check_page_does_not_load_what_each_correction_replaced() -> None:
    court = make_unit()
    clerk = make_user("rectification_office", court)
    document = make_import(unit=court, user=clerk)
    for number in range(3):
        document = actions.retitle_finding(document, "f1", f"标题{number}", actor=clerk, version=document.draft_version)
    with CaptureQueriesContext(connection) as queries:
        assert len(draft_view(document).changes) == 3
    assert len(queries) == 1 and '"before"' not in queries[0]["sql"]


def test_a_draft_is_not_confirmed_into_a_round_that_somebody_else_chose_meanwhile() -> None:
    court = make_unit()
    clerk, other = make_user("rectification_office", court), make_user("rectification_office", court)
    seen, meanwhile = make_round(court), make_round(court)
    document = make_import(unit=court, user=clerk, round_=seen)
    actions.choose_round(document, meanwhile, actor=other)
    with pytest.raises(DraftChanged):
        actions.confirm_import(document, actor=clerk, version=document.draft_version)
    assert actions.choose_round(document, meanwhile, actor=other).draft_version == 2, (
        "choosing the same changes nothing"
    )


def test_who_took_a_correction_back_is_not_confused_with_who_made_one() -> None:
    court = make_unit()
    clerk, other = make_user("rectification_office", court), make_user("rectification_office", court)
    document = make_import(unit=court, user=clerk)
    actions.retitle_finding(document, "f1", "甲", actor=clerk, version=1)
    actions.retitle_finding(document, "f2", "乙", actor=clerk, version=2)
    actions.undo_change(document, actor=other, version=3)
    with pytest.raises(DraftChanged) as refused:
        actions.retitle_finding(document, "f1", "丙", actor=other, version=3)
    assert clerk.name not in str(refused.value)
