"""Two people at once: nothing is lost, nothing is written twice."""

from __future__ import annotations

import pytest

from tests.factories.findings import make_finding, make_round
from tests.factories.intake import make_import
from tests.factories.people import make_unit, make_user
from tests.threads import at_once
from zhenggai.audit.queries import verify_chain
from zhenggai.findings import actions
from zhenggai.findings.errors import ChangedMeanwhile
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.intake import actions as intake_actions
from zhenggai.intake.errors import AlreadyConfirmed, DraftChanged
from zhenggai.intake.models import Import
from zhenggai.people.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("locking_database")]


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_of_two_changes_of_the_same_version_one_wins_and_one_is_told() -> None:
    court = make_unit()
    clerk = make_user("rectification_office", court)
    finding = make_finding(make_round(court))
    answers = at_once(
        *(
            lambda title=title: actions.update_finding(finding, {"title": title}, actor=fresh(clerk), version=1)
            for title in ("甲", "乙")
        )
    )
    lost = [answer for answer in answers if isinstance(answer, ChangedMeanwhile)]
    won = [answer for answer in answers if isinstance(answer, Finding)]
    assert (len(won), len(lost)) == (1, 1)
    finding.refresh_from_db()
    assert (finding.title, finding.version) == (won[0].title, 2)
    assert verify_chain().holds


def test_findings_added_at_once_stand_in_different_places() -> None:
    court = make_unit()
    clerk = make_user("rectification_office", court)
    round_ = make_round(court)
    at_once(*(lambda n=n: actions.create_finding(round_, {"title": f"问题{n}"}, actor=fresh(clerk)) for n in range(4)))
    assert sorted(Finding.objects.values_list("order", flat=True)) == [1, 2, 3, 4]
    assert verify_chain().holds


def test_bulk_acts_on_the_same_findings_do_not_lock_each_other_out() -> None:
    court = make_unit()
    clerk, one, two = (make_user("rectification_office", court) for _ in range(3))
    round_ = make_round(court)
    keys = [make_finding(round_, f"问题{n}").pk for n in range(12)]
    answers = at_once(
        lambda: actions.assign_findings(keys, {"leader": one.pk}, actor=fresh(clerk)),
        lambda: actions.assign_findings(list(reversed(keys)), {"leader": two.pk}, actor=fresh(clerk)),
    )
    assert answers == [12, 12]
    assert Finding.objects.values("leader").distinct().count() == 1


def test_a_draft_confirmed_by_two_people_is_written_once() -> None:
    court = make_unit()
    clerk = make_user("rectification_office", court)
    document = make_import(unit=court, user=clerk)
    answers = at_once(
        *(lambda: intake_actions.confirm_import(document, actor=fresh(clerk), version=1) for _ in range(2))
    )
    assert sum(isinstance(answer, AlreadyConfirmed) for answer in answers) == 1, answers
    assert (InspectionRound.objects.count(), Finding.objects.count()) == (1, 4)
    assert verify_chain().holds


def test_two_corrections_of_the_same_draft_do_not_overwrite_each_other() -> None:
    court = make_unit()
    clerk = make_user("rectification_office", court)
    document = make_import(unit=court, user=clerk)
    answers = at_once(
        lambda: intake_actions.delete_finding(document, "f1", actor=fresh(clerk), version=1),
        lambda: intake_actions.retitle_finding(document, "f2", "乙", actor=fresh(clerk), version=1),
    )
    assert sum(isinstance(answer, DraftChanged) for answer in answers) == 1, answers
    assert Import.objects.get(pk=document.pk).draft_version == 2
