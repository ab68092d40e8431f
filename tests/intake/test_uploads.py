"""A document on its way: uploaded, read by a worker, read again when that failed or the worker died."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories.findings import make_round
from tests.factories.intake import NOTICE, PLAN, make_import
from tests.factories.people import make_grassroots, make_post, make_unit, make_user
from zhenggai.files.models import StoredFile
from zhenggai.intake import actions, tasks
from zhenggai.intake.errors import NotReady, RoundOfOther
from zhenggai.intake.models import Import
from zhenggai.intake.queries import access_import, draft_view, earlier_import, is_stale, suggested_round_name
from zhenggai.intake.tasks import read_upload
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people.models import User

pytestmark = pytest.mark.django_db
Capture = Callable[..., AbstractContextManager[list[Any]]]


class Desk:
    """A court and its office."""

    def __init__(self) -> None:
        self.court = make_unit("示例市人民检察院")
        self.clerk: User = make_user("rectification_office", self.court)

    def upload(self, content: bytes = NOTICE.encode(), name: str = "通报.txt", **values: Any) -> Import:
        return actions.upload_document(
            actor=self.clerk, unit=self.court, source=io.BytesIO(content), name=name, **values
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_last_import_of_the_same_bytes_is_known(desk: Desk) -> None:
    first = desk.upload(name="通报.txt")
    desk.upload(PLAN.encode(), name="方案.txt")
    second = desk.upload(name="通报(再发).txt")
    third = desk.upload(name="通报.txt")
    assert earlier_import(desk.clerk, first) is None
    assert earlier_import(desk.clerk, third) == second
    actions.discard_import(second, actor=desk.clerk)
    assert earlier_import(desk.clerk, third) == first
    stranger = make_user("rectification_office", make_unit("示例市民政局"))
    assert earlier_import(stranger, third) is None


def test_a_new_round_is_named_after_the_file_when_the_paper_names_neither_body_nor_year(desk: Desk) -> None:
    bare = "一、内部管理方面\n(一)关于“公务用车管理不严”的问题\n1.修订公务用车管理办法。\n"
    named = make_import(bare, unit=desk.court, user=desk.clerk, name="市委巡察整改台账.v2.txt")
    assert suggested_round_name(named) == "市委巡察整改台账.v2"
    make_round(desk.court, name="市委巡察整改台账.v2")
    assert suggested_round_name(named) == "市委巡察整改台账.v2(2)"
    assert suggested_round_name(make_import(unit=desk.court, user=desk.clerk)) == "2024年市委第三巡察组巡察"


def test_an_upload_is_read_once_it_is_committed(desk: Desk, django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        document = desk.upload(name="../通报\u202e.txt")
        assert (document.state, document.name) == (Import.State.WAITING, "通报.txt")
    assert len(callbacks) == 1
    document = access_import(desk.clerk, document.pk)
    assert (document.state, document.percent, document.draft_version, document.round) == (
        Import.State.READ,
        100,
        1,
        None,
    )
    view = draft_view(document)
    assert (view.family, view.finding_count, view.measure_count) == ("progress_notice", 4, 6)
    assert document.text == NOTICE and document.finished_at is not None


def test_what_the_reader_noticed_about_the_file_reaches_the_page(desk: Desk) -> None:
    document = desk.upload(NOTICE.encode(), name="通报.docx")
    assert read_upload.call(document.pk, 1) == "read"
    (note,) = draft_view(access_import(desk.clerk, document.pk)).notes
    assert note.kind == "ending_differs" and ".docx" in note.text and note.hint
    document = actions.retitle_finding(document, "f1", "改过的标题", actor=desk.clerk, version=1)
    assert draft_view(document).notes == (note,)


def test_the_round_is_proposed_after_reading(desk: Desk) -> None:
    round_ = make_round(desk.court, feedback_on="2024-07-18")
    document = desk.upload(PLAN.encode())
    assert read_upload.call(document.pk, 1) == "read"
    assert access_import(desk.clerk, document.pk).round == round_


def test_a_file_that_cannot_be_read_says_what_and_what_to_do(desk: Desk) -> None:
    document = desk.upload(b"PK\x03\x04" + b"x" * 50, name="整改方案.docx")
    assert read_upload.call(document.pk, 1) == "failed"
    document = access_import(desk.clerk, document.pk)
    assert document.state == Import.State.FAILED
    assert document.error["code"].startswith("docparse.") and "整改方案.docx" in document.error["where"]
    again = actions.retry_read(document, actor=desk.clerk)
    assert (again.state, again.attempt, again.error) == (Import.State.WAITING, 2, {})


def test_an_unforeseen_failure_does_not_leave_the_page_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    document = desk.upload()

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(tasks, "read_draft_isolated", broken)
    with pytest.raises(RuntimeError):
        read_upload.call(document.pk, 1)
    document = access_import(desk.clerk, document.pk)
    assert (document.state, document.error["code"]) == (Import.State.FAILED, "intake.ReadingBroke")


def test_a_worker_that_died_is_noticed_and_its_late_result_disregarded(desk: Desk) -> None:
    document = desk.upload()
    Import.objects.filter(pk=document.pk).update(state=Import.State.READING, step_at=timezone.now())
    with pytest.raises(NotReady):
        actions.retry_read(document, actor=desk.clerk)
    Import.objects.filter(pk=document.pk).update(step_at=timezone.now() - timedelta(minutes=6))
    assert is_stale(access_import(desk.clerk, document.pk))
    actions.retry_read(document, actor=desk.clerk)
    assert read_upload.call(document.pk, 1) == "superseded"
    assert read_upload.call(document.pk, 2) == "read"
    assert read_upload.call(document.pk, 2) == "superseded", "a task delivered twice does no harm"
    with pytest.raises(NotReady):
        actions.retry_read(document, actor=desk.clerk)


def test_waiting_too_long_means_no_worker(desk: Desk) -> None:
    document = desk.upload()
    assert not is_stale(document)
    Import.objects.filter(pk=document.pk).update(step_at=timezone.now() - timedelta(minutes=11))
    assert is_stale(access_import(desk.clerk, document.pk))
    assert actions.retry_read(document, actor=desk.clerk).attempt == 2


def test_discarding_ends_a_reading_without_effect(desk: Desk) -> None:
    document = desk.upload()
    actions.discard_import(document, actor=desk.clerk)
    assert read_upload.call(document.pk, 1) == "superseded"
    assert access_import(desk.clerk, document.pk).state == Import.State.DISCARDED
    with pytest.raises(NotReady):
        actions.discard_import(document, actor=desk.clerk)
    with pytest.raises(NotReady):
        actions.choose_round(document, None, actor=desk.clerk)


def test_who_may_upload_for_whom(desk: Desk) -> None:
    chief = make_user("first_responsible_person", desk.court)
    with pytest.raises(NotAllowed):
        actions.upload_document(actor=chief, unit=desk.court, source=io.BytesIO(b"x"), name="x.txt")
    other = make_unit()
    with pytest.raises(NotAllowed):
        actions.upload_document(actor=desk.clerk, unit=other, source=io.BytesIO(b"x"), name="x.txt")
    assert not StoredFile.objects.exists()
    north = make_grassroots(desk.court)
    assert actions.upload_document(actor=desk.clerk, unit=north, source=io.BytesIO(b"x"), name="").name == "未命名"


def test_a_round_of_another_body_cannot_be_chosen(desk: Desk) -> None:
    document = make_import(unit=desk.court, user=desk.clerk)
    mine, foreign = make_round(desk.court), make_round(make_unit())
    assert actions.choose_round(document, mine, actor=desk.clerk).round == mine
    with pytest.raises(NotFound):
        actions.choose_round(document, foreign, actor=desk.clerk)
    both = make_user("rectification_office", desk.court)
    make_post(both, foreign.unit, "rectification_office")
    with pytest.raises(RoundOfOther):
        actions.choose_round(document, foreign, actor=both)
    assert actions.choose_round(document, None, actor=desk.clerk).round is None
