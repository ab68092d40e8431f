"""The demo: everybody is there, both papers stand in the ledger, and a second run changes nothing."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone

from tests.factories.people import make_unit, make_user
from zhenggai.answers.models import Answer
from zhenggai.audit.models import Entry
from zhenggai.audit.queries import verify_chain
from zhenggai.commands.main import main
from zhenggai.demo.ledgers import ROWS
from zhenggai.demo.load import load_organisation, sign_in_table
from zhenggai.demo.organisation import GRASSROOTS, ORGANISATION, PASSWORD
from zhenggai.findings.lateness import line_on
from zhenggai.findings.models import Finding, Measure, Stage
from zhenggai.findings.standing import standing_of
from zhenggai.ledgers.models import Batch, LedgerReader, Row
from zhenggai.notices.gate import examine
from zhenggai.notices.models import Notice, Publication, Step
from zhenggai.people.access import access_of
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import ROLES
from zhenggai.policy.profile import shipped_policy
from zhenggai.workflow.models import CloseOut, Extension, Item


@pytest.mark.django_db(transaction=True)
def test_the_demo_loads_once_and_can_be_loaded_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "load"]) == 0
    said = capsys.readouterr().out
    entries = Entry.objects.count()
    assert main(["demo", "load"]) == 0
    assert Entry.objects.count() == entries
    assert verify_chain().holds

    assert Unit.objects.filter(kind=Unit.Kind.GRASSROOTS).count() == len(GRASSROOTS) == 9
    assert {post.role for user in User.objects.all() for post in access_of(user).posts} == set(ROLES)
    assert len(sign_in_table()) == len(ROLES)
    for role, name, username in sign_in_table():
        user = User.objects.get(username=username)
        assert (user.name, user.must_change_password, user.check_password(PASSWORD)) == (name, False, True)
        assert role in said
        assert username in said

    absent, acting = User.objects.get(username="shaoyun"), User.objects.get(username="qinling")
    assert access_of(acting).principals == {absent.pk}

    findings = Finding.objects.filter(round__unit__name=ORGANISATION, round__feedback_on="2024-07-18")
    assert findings.count() == 40
    assert {f.aspect_id for f in findings} == set(findings.values_list("round__aspects", flat=True))
    assert Measure.objects.filter(finding__in=findings).count() == 151
    assert not findings.filter(leader=None).exists()
    assert not findings.filter(department=None).exists()
    # What the notice declares (24 completed, 16 for now) is taken further by the loop, whose findings stand everywhere.
    stages = Counter(findings.values_list("stage", flat=True))
    assert set(stages) == set(Stage) - {Stage.REGISTERED}
    assert (stages[Stage.CLOSED], stages[Stage.IN_REVIEW], stages[Stage.REOPENED]) == (14, 7, 1)
    assert {item.level for item in Item.objects.exclude(level="")} == {level.code for level in shipped_policy().levels}
    assert {each.state for each in Extension.objects.all()} == {"open", "granted"}
    _check_notices()
    _check_answers()
    assert CloseOut.objects.filter(earlier__isnull=False).count() == 1
    assert sum(Counter(standing_of(f, line_on()) for f in findings).values()) == 40

    filled = Row.objects.filter(body__name=ORGANISATION).order_by()
    assert set(filled.values_list("ledger", flat=True)) == set(ROWS)
    assert filled.filter(ledger="hearings", unit__name="青禾区人民检察院").exists()
    assert Batch.objects.count() == len(ROWS), "each ledger was filled once, and can be emptied at once"
    readers = dict(LedgerReader.objects.values_list("ledger", "user__username"))
    assert (readers["quality_reviews"], readers["three_rules_records"]) == ("casework", "wanguoqiang")


@pytest.mark.django_db
def test_the_demo_does_not_mix_with_a_real_record(capsys: pytest.CaptureFixture[str]) -> None:
    make_user("owner", make_unit("某市人民检察院"))
    with transaction.atomic():
        assert main(["demo", "load"]) == 1
    assert "demo.NotTheDemo" in capsys.readouterr().err
    assert Unit.objects.count() == 1


@pytest.mark.django_db
def test_leaders_are_in_charge_of_what_the_plan_says_they_lead() -> None:
    load_organisation(lambda words: None)
    leader = User.objects.get(username="leader")
    held = access_of(leader).posts[0]
    names = set(Unit.objects.filter(pk__in=held.charge_departments).values_list("name", flat=True))
    assert names == {"办公室", "计财装备处", "机关服务中心"}


def _check_notices() -> None:
    """The notice went out while the round stood at 24 and 16, its figures reproduced from rows; another is being written."""
    published = Publication.objects.get()
    assert "已完成整改24个，阶段性完成整改16个" in published.text
    counts = published.data["counts"]
    assert (counts["findings"], counts["completed"], counts["phased"], counts["measures"]) == (40, 24, 16, 151)
    figures = published.figures.select_related("binding")
    assert all(figure.binding is not None for figure in figures)
    from_rows = [each for each in figures if each.binding is not None and each.binding.kind == "indicator"]
    assert len(from_rows) >= 80
    text = {each.quote for each in from_rows}
    assert {"874件次", "6.18%", "68.19%", "8.81%", "173件", "359人", "202.6万元", "1.17万元", "48.4%", "1692件"} <= text
    completed = figures.get(binding__source={"count": "findings.completed"})
    assert len(completed.rows) == 24
    passed = Step.objects.get(act="overridden")
    assert [each["code"] for each in passed.data["issues"]] == ["contradiction"] and passed.by is not None
    draft = Notice.objects.get(state="drafting")
    assert draft.round == published.round and examine(draft).masks == ()


def _check_answers() -> None:
    """Of what the public says one is answered, one dealt with together with a second, one presses, one is advertising."""
    today = timezone.localdate()
    states = Counter(Answer.objects.values_list("state", flat=True))
    assert states == {"answered": 1, "told": 1, "received": 3, "set_aside": 1}
    assert Answer.objects.exclude(contact="").count() == 2
    first = Answer.objects.get(copies__isnull=False)
    assert first.petition is not None and first.department is not None and first.words.count() == 3
    assert first.petition.due_on == first.answer_by > today
    pressing = Answer.objects.filter(told_at=None, ended_at=None).earliest("tell_by")
    assert 0 <= (pressing.tell_by - today).days <= 4
