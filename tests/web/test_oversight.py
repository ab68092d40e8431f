"""The pages of supervision: who opens them, whose things stay hidden, what is handed out, and what a page costs."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from tests.factories.findings import make_round
from tests.factories.oversight import issue, make_closed, make_late, make_letter
from tests.factories.people import make_department, make_unit, make_user
from zhenggai.oversight import actions
from zhenggai.oversight.models import Check, Letter
from zhenggai.people.access import forget_access
from zhenggai.people.models import Unit, User

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
KEPT = Path(__file__).with_name("oversight_counts.json")
VISIT = {"visited_on": "2026-03-02", "visitors": "霍正平", "reported": "已完成 1 项。"}


class Office:
    """A body with a letter, a visit, a draw, an evaluation and a survey."""

    def __init__(self, name: str = "示例市人民检察院") -> None:
        self.unit: Unit = make_unit(name)
        self.finance = make_department(self.unit, "计财装备处")
        self.clerk = make_user("rectification_office", self.unit)
        self.chief = make_user("first_responsible_person", self.unit)
        self.head = make_user("department_head", self.finance)
        self.supervisor = make_user("supervision_group", self.unit)
        self.round = make_round(self.unit)
        self.letter = self.issued()
        self.visit = actions.record_visit(self.round, self.finance, VISIT, actor=self.clerk)
        self.draw = self.drawn()
        self.evaluation = actions.open_evaluation(self.round, self.unit, actor=self.supervisor, scheme="award_four")
        self.survey = self.surveyed()

    def issued(self) -> Letter:
        """Return a letter that went out."""
        late = make_late(self.round, 4, department=self.finance)
        return issue(make_letter(self.clerk, [late], [self.finance]), clerk=self.clerk, chief=self.chief)

    def drawn(self) -> object:
        """Return a draw of one closed finding more."""
        make_closed(self.round, by=self.head, department=self.finance.pk, title="=公式样的标题")
        due = timezone.localdate() + timedelta(days=9)
        return actions.draw_checks(
            self.round, actor=self.supervisor, stages=["closed"], rate_percent=100, due_on=due, seed="种子"
        )

    def surveyed(self) -> object:
        """Return a survey."""
        return actions.record_survey(
            self.round, actor=self.supervisor, formula="share", title="测评", held_on="2026-03-02", issued=9,
            returned=9, invalid=0, counts={"satisfied": 9},
        )  # fmt: skip

    def addresses(self) -> list[str]:
        """Return the pages of its things."""
        check = Check.objects.filter(finding__round=self.round).order_by("pk").first()
        assert check is not None
        return [
            f"/letters/{self.letter.pk}/", f"/letters/{self.letter.pk}/docx/", f"/visits/{self.visit.pk}/",
            f"/checks/{check.pk}/", f"/draws/{self.draw.pk}/", f"/draws/{self.draw.pk}/population/",  # type: ignore[attr-defined]
            f"/evaluations/{self.evaluation.pk}/", f"/surveys/{self.survey.pk}/",  # type: ignore[attr-defined]
        ]  # fmt: skip


LISTS = ("/letters/", "/visits/", "/look-backs/", "/spot-checks/", "/evaluations/")
FORMS = ("/letters/new/", "/visits/new/", "/draws/new/", "/surveys/new/")


def test_everybody_who_oversees_opens_every_page_and_other_bodies_none(sign_in_as: SignIn) -> None:
    office, other = Office(), Office("另一示例院")
    for person in (office.clerk, office.chief, office.supervisor):
        client = sign_in_as(person)
        for address in (*LISTS, *office.addresses()):
            assert client.get(address).status_code == 200, (person.name, address)
        for address in other.addresses():
            assert client.get(address).status_code == 404, (person.name, address)
    client = sign_in_as(office.head)
    assert client.get(f"/letters/{office.letter.pk}/").status_code == 200
    assert client.get(f"/letters/{other.letter.pk}/").status_code == 404
    for address in office.addresses()[2:]:
        assert client.get(address).status_code == 403
    assert client.post(f"/letters/{other.letter.pk}/act/withdraw/", {"why": "x"}).status_code == 404


def test_forms_open_for_those_who_may_and_say_so_to_others(sign_in_as: SignIn) -> None:
    office = Office()
    allowed = {"/letters/new/": office.clerk, "/visits/new/": office.clerk}
    for address in FORMS:
        person = allowed.get(address, office.supervisor)
        assert sign_in_as(person).get(address).status_code == 200
        assert sign_in_as(office.chief).get(address).status_code == 403


def test_a_refused_form_keeps_what_was_typed(sign_in_as: SignIn) -> None:
    office = Office()
    client = sign_in_as(office.clerk)
    answer = client.post(
        "/visits/new/", {"department": office.finance.pk, "reported": "已写的汇报", "visited_on": "昨天"}
    )
    assert answer.status_code == 422
    assert "已写的汇报" in answer.content.decode()
    draft = make_letter(office.clerk, [make_late(office.round, 4)], [office.finance])
    sent = {"version": draft.version, "kind": draft.kind, "title": "", "body": "写好的正文", "unit": office.finance.pk}
    answer = client.post(f"/letters/{draft.pk}/edit/", sent)
    assert answer.status_code == 422
    assert "写好的正文" in answer.content.decode()


def test_a_letter_is_handed_out_as_word(sign_in_as: SignIn) -> None:
    office = Office()
    answer = sign_in_as(office.head).get(f"/letters/{office.letter.pk}/docx/")
    words = [paragraph.text for paragraph in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert office.letter.number in words
    assert "计财装备处：" in words
    assert any(office.letter.items.get().finding.title in line for line in words)


def test_the_register_is_handed_out_as_a_workbook(sign_in_as: SignIn) -> None:
    office = Office()
    answer = sign_in_as(office.clerk).get("/letters/export/?state=issued")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[1][0] == office.letter.number
    assert rows[1][3] == "计财装备处"


def test_whoever_holds_the_exported_list_draws_the_same(sign_in_as: SignIn) -> None:
    office = Office()
    drawn = office.drawn()
    client = sign_in_as(office.clerk)
    answer = client.get(f"/draws/{drawn.pk}/population/?as=csv")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    by_hand = sorted(rows, key=lambda row: sha256(f"种子:{row['稳定标识']}".encode()).hexdigest())
    assert [row["稳定标识"] for row in by_hand] == drawn.drawn  # type: ignore[attr-defined]
    assert rows[0]["问题"] == "'=公式样的标题"
    book = load_workbook(io.BytesIO(client.get(f"/draws/{drawn.pk}/population/").content))  # type: ignore[attr-defined]
    assert book.sheetnames == ["抽样总体", "抽取参数"]
    assert "重新演算一致" in client.get(f"/draws/{drawn.pk}/?again=1").content.decode()  # type: ignore[attr-defined]


def test_a_vanished_move_is_not_found(sign_in_as: SignIn) -> None:
    office = Office()
    client = sign_in_as(office.clerk)
    for address in (f"/letters/{office.letter.pk}/act/burn/", f"/evaluations/{office.evaluation.pk}/burn/"):
        assert client.post(address).status_code == 404


def _cost(client: Client, address: str, person: User) -> int:
    client.get(address)
    forget_access(person)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_pages_cost_as_many_queries_as_written_down(sign_in_as: SignIn) -> None:
    """``UPDATE_QUERY_COUNTS=1`` writes the counts anew; they do not grow with what is listed."""
    office = Office()
    client = sign_in_as(office.supervisor)
    first = {address: _cost(client, address, office.supervisor) for address in LISTS}
    for _number in range(3):
        office.issued()
        office.drawn()
        office.surveyed()
        actions.record_visit(office.round, office.finance, VISIT, actor=office.clerk)
    counts = {address: _cost(client, address, office.supervisor) for address in LISTS}
    assert counts == first
    counts |= {
        address.split("/")[1]: _cost(client, address, office.supervisor)
        for address in office.addresses()
        if not address.endswith(("docx/", "population/"))
    }
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        KEPT.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert counts == json.loads(KEPT.read_text(encoding="utf-8"))


def test_a_fake_leads_whoever_keeps_accountability_to_its_form(sign_in_as: SignIn) -> None:
    office = Office()
    check = Check.objects.filter(finding__round=office.round).first()
    assert check is not None
    Check.objects.filter(pk=check.pk).update(
        state="done", outcome="fake", done_by=office.supervisor, done_on="2026-03-02"
    )
    address = f"/outcomes/accountability/new/?finding={check.finding_id}"
    client = sign_in_as(office.clerk)
    assert address in client.get(f"/checks/{check.pk}/").content.decode()
    assert client.get(address).status_code == 200
    assert address not in sign_in_as(office.supervisor).get(f"/checks/{check.pk}/").content.decode()
