"""A reading whose result cannot be kept says so instead of leaving the page waiting."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from tests.factories.findings import make_round
from tests.factories.intake import NOTICE
from tests.factories.people import make_unit, make_user
from zhenggai.findings.models import InspectionRound
from zhenggai.intake import actions, tasks
from zhenggai.intake.models import Import

pytestmark = pytest.mark.django_db


def test_a_text_that_the_database_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    court = make_unit()
    clerk = make_user("rectification_office", court)
    document = actions.upload_document(actor=clerk, unit=court, source=io.BytesIO(NOTICE.encode()), name="通报.txt")
    read_draft = tasks.read_draft_isolated

    def half_a_character(*args: Any, **kwargs: Any) -> Any:
        read, draft = read_draft(*args, **kwargs)
        return replace(read, text=read.text + "\ud800"), draft

    monkeypatch.setattr(tasks, "read_draft_isolated", half_a_character)
    with pytest.raises(UnicodeEncodeError):
        tasks.read_upload.call(document.pk, 1)
    document.refresh_from_db()
    assert (document.state, document.error["code"]) == (Import.State.FAILED, "intake.ReadingBroke")


def test_a_round_chosen_while_the_document_is_read_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    court = make_unit()
    clerk = make_user("rectification_office", court)
    proposed, chosen = make_round(court), make_round(court, feedback_on="2020-01-01")
    document = actions.upload_document(actor=clerk, unit=court, source=io.BytesIO(NOTICE.encode()), name="通报.txt")

    def meanwhile(*_args: object) -> InspectionRound:
        actions.choose_round(document, chosen, actor=clerk)
        return proposed

    monkeypatch.setattr(tasks, "find_round", meanwhile)
    assert tasks.read_upload.call(document.pk, 1) == "read"
    document.refresh_from_db()
    assert document.round == chosen
