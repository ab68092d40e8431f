"""Corrections as acts: kept, undoable, and never over someone else's unnoticed."""

from __future__ import annotations

import pytest

from tests.factories.intake import make_import
from tests.factories.people import make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.intake import actions
from zhenggai.intake.errors import DraftChanged, NoSuchPiece, NothingToUndo, NotReady
from zhenggai.intake.models import DraftChange, Import
from zhenggai.intake.queries import access_import, draft_view, visible_imports
from zhenggai.kit.errors import NotFound
from zhenggai.people.models import User

pytestmark = pytest.mark.django_db


class Desk:
    """A clerk with a draft to check, and a colleague."""

    def __init__(self) -> None:
        self.court = make_unit("示例市人民检察院")
        self.clerk: User = make_user("rectification_office", self.court, name="段红")
        self.other: User = make_user("rectification_office", self.court, name="何穗")
        self.document: Import = make_import(unit=self.court, user=self.clerk)

    def titles(self) -> list[str]:
        return [finding["title"] for finding in Import.objects.get(pk=self.document.pk).draft["findings"]]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_correction_is_kept_told_and_shown(desk: Desk) -> None:
    after = actions.retitle_finding(desk.document, "f1", "理论学习不深", actor=desk.clerk, version=1)
    assert after.draft_version == 2 and desk.titles()[0] == "理论学习不深"
    view = draft_view(after)
    assert (view.version, view.undo_label, view.redo_label) == (2, "改标题为“理论学习不深”", "")
    assert [(change.label, change.by) for change in view.changes] == [("改标题为“理论学习不深”", "段红")]
    entry = Entry.objects.order_by("-sequence")[0]
    assert (entry.code, entry.object_type, entry.data["act"]) == ("intake.corrected", "import", "retitle")
    same = actions.retitle_finding(after, "f1", "理论学习不深", actor=desk.clerk, version=2)
    assert same.draft_version == 2, "what changes nothing is no correction"


def test_a_colleague_is_told_who_changed_what(desk: Desk) -> None:
    actions.set_status(desk.document, "f1", "completed", actor=desk.clerk, version=1)
    with pytest.raises(DraftChanged) as caught:
        actions.delete_finding(desk.document, "f1", actor=desk.other, version=1)
    assert "段红" in caught.value.describe().what and "状态" in caught.value.describe().what
    assert len(desk.titles()) == 4


def test_undo_and_redo_walk_back_and_forth_until_a_new_correction(desk: Desk) -> None:
    original = Import.objects.get(pk=desk.document.pk).draft
    document = actions.delete_finding(desk.document, "f1", actor=desk.clerk, version=1)
    document = actions.retitle_finding(document, "f2", "联系实际不够", actor=desk.clerk, version=2)
    both = document.draft
    document = actions.undo_change(document, actor=desk.other, version=3)
    document = actions.undo_change(document, actor=desk.clerk, version=4)
    assert document.draft == original
    with pytest.raises(NothingToUndo):
        actions.undo_change(document, actor=desk.clerk, version=5)
    view = draft_view(document)
    assert (view.undo_label, view.redo_label) == ("", "删除“理论学习不系统”")
    document = actions.redo_change(document, actor=desk.clerk, version=5)
    document = actions.redo_change(document, actor=desk.clerk, version=6)
    assert document.draft == both
    with pytest.raises(NothingToUndo):
        actions.redo_change(document, actor=desk.clerk, version=7)
    document = actions.undo_change(document, actor=desk.clerk, version=7)
    document = actions.set_number(document, "f2", "9", actor=desk.clerk, version=8)
    with pytest.raises(NothingToUndo):
        actions.redo_change(document, actor=desk.clerk, version=9)
    assert list(DraftChange.objects.filter(undone=True)) == []
    document = actions.undo_change(document, actor=desk.clerk, version=9)
    document = actions.undo_change(document, actor=desk.clerk, version=10)
    assert document.draft == original


def test_every_act_takes_a_draft_that_waits_to_be_checked_only(desk: Desk) -> None:
    for state in (Import.State.WAITING, Import.State.FAILED, Import.State.DISCARDED):
        Import.objects.filter(pk=desk.document.pk).update(state=state)
        with pytest.raises(NotReady):
            actions.set_facts(desk.document, {"unit": "x"}, actor=desk.clerk, version=1)


def test_a_refused_correction_leaves_nothing_behind(desk: Desk) -> None:
    with pytest.raises(NoSuchPiece):
        actions.merge_findings(desk.document, ["f1", "f99"], actor=desk.clerk, version=1)
    assert DraftChange.objects.count() == 0 and Import.objects.get(pk=desk.document.pk).draft_version == 1


def test_only_those_who_import_for_the_unit_reach_it(desk: Desk) -> None:
    stranger = make_user("rectification_office", make_unit())
    chief = make_user("first_responsible_person", desk.court)
    for person in (stranger, chief):
        assert not visible_imports(person)
        with pytest.raises(NotFound):
            access_import(person, desk.document.pk)
        with pytest.raises(NotFound):
            actions.delete_finding(desk.document, "f1", actor=person, version=1)
    assert access_import(desk.other, desk.document.pk) == desk.document


def test_the_view_shows_tree_facts_and_places(desk: Desk) -> None:
    document = actions.move_finding(desk.document, "f4", "", -1, actor=desk.clerk, version=1)
    view = draft_view(document)
    assert [(aspect.title, len(aspect.findings)) for aspect in view.aspects] == [
        ("理论学习方面", 2), ("内部管理方面", 1), ("", 1)
    ]  # fmt: skip
    first = view.aspects[0].findings[0]
    assert document.text[slice(*first.span or (0, 0))].startswith("(一)关于“理论学习不系统”的问题")
    assert document.text[slice(*first.measures[0].span or (0, 0))] == "制定年度学习计划,每月开展集中学习。"
    facts = {fact.name: fact for fact in view.facts}
    assert (facts["feedback_date"].value, facts["counts.findings"].value) == ("2024-07-18", "4")
    assert not facts["counts.findings"].differs and facts["counts.completed"].differs
    assert (view.finding_count, view.measure_count, view.problems) == (4, 6, ())
