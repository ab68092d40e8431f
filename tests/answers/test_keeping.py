"""Contact data: sealed, opened by key alone, deleted on schedule, its keys changed; and the work of a day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.factories.answers import make_answer
from tests.factories.findings import make_round
from tests.factories.notices import make_publication
from tests.factories.people import make_department, make_unit, make_user
from zhenggai.answers.actions import assign_answer, erase_contacts, reply, rotate_keys
from zhenggai.answers.daily import run_daily
from zhenggai.answers.errors import ContactLocked
from zhenggai.answers.models import Answer
from zhenggai.answers.sealing import NAME, Contact, seal, unseal
from zhenggai.audit.models import Entry
from zhenggai.notifications.models import Notification
from zhenggai.people.access import OPERATOR

pytestmark = pytest.mark.django_db


def test_the_key_is_made_once_and_readable_by_its_owner_alone(home: Path) -> None:
    sealed = seal(Contact("王某"), form="a")
    assert (home / NAME).stat().st_mode & 0o777 == 0o600
    assert unseal(sealed, form="a") == Contact("王某")
    assert seal(Contact(), form="a") == ""
    (home / NAME).unlink()
    with pytest.raises(ContactLocked):
        unseal(sealed, form="a")


def test_keys_are_changed_and_old_ones_dropped(home: Path) -> None:
    answers = [make_answer() for _number in range(3)]
    before = (home / NAME).read_text()
    sealed = answers[0].contact
    assert rotate_keys(actor=OPERATOR) == (3, 0)
    after = (home / NAME).read_text()
    assert len(after.split()) == 1
    assert before != after
    for answer in answers:
        answer.refresh_from_db()
        assert unseal(answer.contact, form=answer.form).name == "王某"
    with pytest.raises(ContactLocked):
        unseal(sealed, form=answers[0].form)
    assert Entry.objects.get(code="answers.keys_rotated").data["sealed"] == 3


def test_old_keys_stay_while_something_needs_them(home: Path) -> None:
    lost, kept = make_answer(), make_answer()
    Answer.objects.filter(pk=lost.pk).update(contact=lost.contact[:-8] + "AAAAAAA=")
    assert rotate_keys(actor=OPERATOR) == (1, 1)
    assert len((home / NAME).read_text().split()) == 2
    kept.refresh_from_db()
    assert unseal(kept.contact, form=kept.form)


def test_contact_data_is_deleted_on_schedule_and_what_went_is_told() -> None:
    old, fresh, open_one = make_answer(), make_answer(), make_answer()
    for answer in (old, fresh):
        reply(answer, "answer", "已办理。", actor=OPERATOR, result="true")
    today = timezone.localdate()
    Answer.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=181))
    assert erase_contacts(today, actor=OPERATOR) == 1
    assert erase_contacts(today, actor=OPERATOR) == 0
    old.refresh_from_db()
    assert (old.contact, old.origin, bool(old.contact_erased_at), bool(old.body)) == ("", "", True, True)
    entry = Entry.objects.get(code="answers.contact_erased")
    assert entry.data == {"fields": ["name", "phone", "email", "origin"], "days": 180}
    for answer in (fresh, open_one):
        answer.refresh_from_db()
        assert answer.contact


def test_those_who_deal_with_an_answer_are_reminded_of_both_clocks() -> None:
    body = make_unit()
    office, department = make_user("rectification_office", body), make_department(body)
    head = make_user("department_head", department)
    answer = make_answer(make_publication(make_round(body)))
    assign_answer(answer, actor=office, department=department, handler=None)
    Notification.objects.all().delete()
    told = run_daily(answer.tell_by - timedelta(days=3))
    assert told["reminders"] == 1
    assert Notification.objects.get(user=head).path == f"/answers/{answer.pk}/"
    assert run_daily(answer.tell_by - timedelta(days=3))["reminders"] == 0
    assert run_daily(answer.tell_by)["reminders"] == 2
    reply(answer, "told", "已收到。", actor=head)
    Notification.objects.all().delete()
    assert run_daily(answer.tell_by + timedelta(days=1))["reminders"] == 0
    assert run_daily(answer.answer_by - timedelta(days=7))["reminders"] == 1
    assert run_daily(answer.answer_by + timedelta(days=1))["reminders"] == 2
    assert office.pk in set(Notification.objects.values_list("user", flat=True))
