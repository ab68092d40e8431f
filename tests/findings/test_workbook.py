"""The ledger out to Excel, changed by a person, and back: round trip, preview, refusals."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.factories.findings import make_aspect, make_finding, make_measure, make_round
from tests.factories.people import make_department, make_unit, make_user
from zhenggai.docparse.errors import DangerousArchive, UnreadableFile
from zhenggai.findings import actions, codes
from zhenggai.findings.errors import BadWorkbook, WorkbookEmpty
from zhenggai.findings.models import Finding, Measure
from zhenggai.findings.queries import LedgerQuery, export_findings, find_findings, finding_history, preview_workbook
from zhenggai.kit.errors import NotAllowed
from zhenggai.people.models import User

pytestmark = pytest.mark.django_db


class Office:
    """Two findings with measures, people and departments, and the workbook they are exported to."""

    def __init__(self) -> None:
        self.court = make_unit("示例市人民检察院")
        self.office, self.first = make_department(self.court, "办公室"), make_department(self.court, "第一检察部")
        self.clerk = make_user("rectification_office", self.court, name="段红")
        self.chief = make_user("first_responsible_person", self.court, name="周启明")
        self.round = make_round(self.court, name="2024年巡察")
        self.aspect = make_aspect(self.round, "内部管理", no="二")
        self.cars = make_finding(
            self.round, "公务用车管理不严", no="1", aspect=self.aspect.pk, leader=self.chief.pk, department=self.office.pk,
            assist=[self.first.pk], due="2025年6月底前", description="=第一行\n第二行", status="ongoing",
        )  # fmt: skip
        self.assets = make_finding(self.round, "固定资产账实不符", no="2")
        self.measure = make_measure(self.cars, "修订办法", status="phased", owner=self.clerk.pk)
        make_measure(self.assets, "清查资产")

    def book(self, user: User | None = None) -> openpyxl.Workbook:
        return openpyxl.load_workbook(io.BytesIO(export_findings(user or self.clerk, LedgerQuery())))

    def row_of(self, sheet: Worksheet, title: str) -> int:
        return next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == title)


def packed(book: openpyxl.Workbook) -> io.BytesIO:
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    return buffer


def set_cell(sheet: Worksheet, header: str, row: int, value: Any) -> None:
    column = next(cell.column for cell in sheet[1] if cell.value == header)
    sheet.cell(row, column).value = value


@pytest.fixture
def office() -> Office:
    return Office()


def test_an_untouched_workbook_changes_nothing(office: Office) -> None:
    preview = preview_workbook(office.clerk, packed(office.book()))
    assert [row.kind for row in preview.rows] == ["unchanged"] * 4
    assert preview.unknown_headers == ()
    with pytest.raises(WorkbookEmpty):
        actions.apply_workbook(packed(office.book()), actor=office.clerk)


def test_sheets_hold_what_the_record_holds(office: Office) -> None:
    book = office.book()
    assert book.sheetnames == ["问题", "措施", "导出清单"]
    headers = [cell.value for cell in book["问题"][1]]
    values = dict(zip(headers, (cell.value for cell in book["问题"][2]), strict=True))
    assert values["问题标识"] == str(office.cars.stable_id) and values["巡察轮次"] == "2024年巡察"
    assert (values["方面"], values["状态"], values["责任领导"], values["配合部门"]) == (
        "二、内部管理",
        "正在整改",
        "周启明",
        "第一检察部",
    )
    assert (values["整改时限"], values["整改时限（原文）"]) == (datetime(2025, 6, 30), "2025年6月底前")
    assert values["具体表现"] == "=第一行\n第二行", "kept as text"
    measures = [[cell.value for cell in row] for row in book["措施"].iter_rows(min_row=2)]
    assert measures[0][1] == str(office.cars.stable_id) and measures[0][3] == "1.公务用车管理不严"


def test_edits_come_back_field_by_field(office: Office) -> None:
    book = office.book()
    sheet, row = book["问题"], 2
    for header, value in {
        "问题": "公车管理不严", "状态": "已完成", "责任领导": "段红", "责任部门": "第一检察部", "配合部门": "办公室",
        "方面": "内部管理", "整改时限": "2025-12-31", "类别": "立行立改", "序号": 7, "具体表现": None,
    }.items():  # fmt: skip
        set_cell(sheet, header, row, value)
    sheet.insert_cols(3)  # someone adds a column of their own
    sheet.cell(1, 3).value = "我的备注"
    set_cell(book["措施"], "整改进展", 2, "已印发")
    set_cell(book["措施"], "整改时限（原文）", 2, "反馈后2个月")
    preview = preview_workbook(office.clerk, packed(book))
    changed = [entry for entry in preview.rows if entry.kind == "changed"]
    assert [len(entry.changes) for entry in changed] == [9, 2]
    assert preview.unknown_headers == ("我的备注",)
    assert Finding.objects.get(pk=office.cars.pk).title == "公务用车管理不严", "a preview writes nothing"

    result = actions.apply_workbook(packed(book), actor=office.clerk)
    assert (result.changed, result.measures_changed, result.refused) == (1, 1, 0)
    finding = Finding.objects.get(pk=office.cars.pk)
    assert (finding.title, finding.status, finding.kind, finding.no) == (
        "公车管理不严",
        "completed",
        "immediate_fix",
        "7",
    )
    assert (finding.leader, finding.department, finding.aspect) == (office.clerk, office.first, office.aspect)
    assert list(finding.assist_departments.all()) == [office.office]
    assert (finding.due_on, finding.due_text, finding.description) == (date(2025, 12, 31), "", "")
    assert finding.version == 3, "one version up although finding and measure changed"
    measure = Measure.objects.get(pk=office.measure.pk)
    assert (measure.progress, measure.due_on, measure.due_text) == ("已印发", date(2024, 9, 18), "反馈后2个月")
    told = [item.code for item in finding_history(finding)[:2]]
    assert sorted(told) == [codes.MEASURE_UPDATED, codes.WORKBOOK_UPDATED]
    assert find_findings(office.clerk, LedgerQuery(text="公车管理 已印发")).total == 1
    again = preview_workbook(office.clerk, packed(office.book()))
    assert {entry.kind for entry in again.rows} == {"unchanged"}


def test_new_rows_add_findings_and_measures(office: Office) -> None:
    book = office.book()
    sheet = book["问题"]
    set_cell(sheet, "问题", 4, "会议制度执行不严")
    set_cell(sheet, "责任部门", 4, "办公室")
    set_cell(sheet, "配合部门", 4, "第一检察部、办公室")
    set_cell(book["措施"], "问题标识", 4, str(office.assets.stable_id))
    set_cell(book["措施"], "整改措施", 4, "按月核对")
    assert [row.reason for row in preview_workbook(office.clerk, packed(book)).rows] == [""] * 6
    result = actions.apply_workbook(packed(book), actor=office.clerk)
    assert (result.created, result.measures_created, result.refused) == (1, 1, 0)
    finding = Finding.objects.get(title="会议制度执行不严")
    assert (finding.round, finding.department, finding.order) == (office.round, office.office, 3)
    assert set(finding.assist_departments.all()) == {office.first, office.office}
    assert [m.text for m in office.assets.measures.order_by("order")] == ["清查资产", "按月核对"]
    assert finding_history(finding)[0].sentence == "段红 由表格新增了该问题"


@pytest.mark.parametrize(
    ("header", "value", "words"),
    [
        ("责任领导", "无此人", "“责任领导”不能填“无此人”：系统中没有这个名称"),
        ("责任部门", "无此部门", "系统中没有这个名称"),
        ("配合部门", "办公室、无此部门", "“配合部门”不能填“无此部门”"),
        ("状态", "做完了", "只能是"),
        ("问题", None, "不能为空"),
        ("方面", "没有的方面", "本轮次没有这个方面"),
        ("问题标识", "11111111-2222-3333-4444-555555555555", "没有这个标识"),
        ("问题标识", "不是标识", "没有这个标识"),
    ],
)
def test_a_row_that_cannot_be_taken_names_its_cell_and_spares_the_others(
    office: Office, header: str, value: Any, words: str
) -> None:
    book = office.book()
    set_cell(book["问题"], header, 2, value)
    set_cell(book["问题"], "状态", 3, "已完成")
    preview = preview_workbook(office.clerk, packed(book))
    refused = next(row for row in preview.rows if row.kind == "refused")
    column = next(cell.column_letter for cell in book["问题"][1] if cell.value == header)
    assert refused.place == f"{column}2" and words in refused.reason
    result = actions.apply_workbook(packed(book), actor=office.clerk)
    assert (result.changed, result.refused) == (1, 1)
    assert Finding.objects.get(pk=office.assets.pk).status == "completed"


def test_people_of_the_same_name_have_to_be_told_apart(office: Office) -> None:
    twin = make_user("owner", office.first, name="周启明", username="zhouqm2")
    book = office.book()
    assert book["问题"].cell(2, 12).value == f"周启明({office.chief.username})"
    set_cell(book["问题"], "责任领导", 2, "周启明")
    (refused,) = [row for row in preview_workbook(office.clerk, packed(book)).rows if row.kind == "refused"]
    assert "周启明(zhouqm2)" in refused.reason
    set_cell(book["问题"], "责任领导", 2, "周启明（zhouqm2）")
    actions.apply_workbook(packed(book), actor=office.clerk)
    assert Finding.objects.get(pk=office.cars.pk).leader == twin


def test_someone_who_left_does_not_stop_a_row(office: Office) -> None:
    book = office.book()
    User.objects.filter(pk=office.chief.pk).update(is_active=False)
    set_cell(book["问题"], "状态", 2, "阶段性完成")
    assert actions.apply_workbook(packed(book), actor=office.clerk).changed == 1
    assert Finding.objects.get(pk=office.cars.pk).leader == office.chief


def test_what_changed_since_the_export_is_refused_and_says_who(office: Office) -> None:
    book = office.book()
    actions.update_finding(office.cars, {"owner": office.clerk.pk}, actor=office.clerk, version=2)
    set_cell(book["问题"], "状态", 2, "已完成")
    set_cell(book["措施"], "整改进展", 2, "已印发")
    set_cell(book["问题"], "状态", 3, "已完成")
    refused = [row for row in preview_workbook(office.clerk, packed(book)).rows if row.kind == "refused"]
    assert [row.sheet for row in refused] == ["问题", "措施"]
    assert "段红 调整了责任人" in refused[0].reason
    result = actions.apply_workbook(packed(book), actor=office.clerk)
    assert (result.changed, result.measures_changed, result.refused) == (1, 0, 2)


def test_the_same_row_twice_is_refused_both_times(office: Office) -> None:
    book = office.book()
    sheet = book["问题"]
    for column, cell in enumerate(sheet[2], start=1):
        sheet.cell(4, column).value = cell.value
    set_cell(sheet, "状态", 4, "已完成")
    kinds = [row.kind for row in preview_workbook(office.clerk, packed(book)).rows if row.sheet == "问题"]
    assert kinds == ["refused", "unchanged", "refused"]


def test_a_formula_without_a_value_is_refused_instead_of_emptying_the_field(office: Office) -> None:
    book = office.book()
    set_cell(book["问题"], "具体表现", 2, '=CONCATENATE("第一行","第二行")')
    set_cell(book["问题"], "状态", 3, "已完成")
    preview = preview_workbook(office.clerk, packed(book))
    (refused,) = [row for row in preview.rows if row.kind == "refused"]
    assert refused.place.endswith("2") and "公式" in refused.reason
    result = actions.apply_workbook(packed(book), actor=office.clerk)
    assert (result.changed, result.refused) == (1, 1)
    assert [row.reason for row in result.refused_rows] == [refused.reason]
    assert Finding.objects.get(pk=office.cars.pk).description == "=第一行\n第二行"


def test_what_empties_a_field_and_what_is_no_date_is_pointed_out(office: Office) -> None:
    book = office.book()
    set_cell(book["问题"], "责任领导", 2, None)
    set_cell(book["问题"], "整改时限", 2, "胡乱写")
    set_cell(book["问题"], "整改时限", 3, "长期坚持")
    preview = preview_workbook(office.clerk, packed(book))
    first, second = [row for row in preview.rows if row.sheet == "问题"]
    assert preview.cleared == 1 and [change.field for change in first.changes if change.clears] == ["leader"]
    assert first.clears and not second.clears
    assert first.warnings == ("整改时限“胡乱写”未识别为日期",) and second.warnings == ()


@pytest.mark.parametrize(
    ("words", "code"),
    [("整改中", "ongoing"), ("已完成整改", "completed"), ("基本完成", "phased"), ("未整改", "not_completed")],
)
def test_a_status_may_be_said_in_any_words_the_reader_knows(office: Office, words: str, code: str) -> None:
    book = office.book()
    set_cell(book["问题"], "状态", 3, words)
    set_cell(book["措施"], "状态", 2, words)
    assert actions.apply_workbook(packed(book), actor=office.clerk).refused == 0
    assert Finding.objects.get(pk=office.assets.pk).status == code
    assert Measure.objects.get(pk=office.measure.pk).status == code


def test_deleted_rows_are_named_and_the_ledger_keeps_them(office: Office) -> None:
    book = office.book()
    assert book["导出清单"].sheet_state == "veryHidden"
    book["问题"].delete_rows(office.row_of(book["问题"], "固定资产账实不符"))
    book["措施"].delete_rows(office.row_of(book["措施"], "修订办法"))
    book["措施"].delete_rows(office.row_of(book["措施"], "清查资产"))
    set_cell(book["问题"], "状态", 2, "已完成")
    absent = preview_workbook(office.clerk, packed(book)).absent
    assert [(row.sheet, row.label) for row in absent] == [("问题", "固定资产账实不符"), ("措施", "修订办法")]
    actions.apply_workbook(packed(book), actor=office.clerk)
    assert Finding.objects.filter(withdrawn_at=None).count() == Measure.objects.filter(withdrawn_at=None).count() == 2
    del book["措施"]
    assert [row.sheet for row in preview_workbook(office.clerk, packed(book)).absent] == ["问题"]


def test_permissions(office: Office) -> None:
    book = office.book()
    set_cell(book["问题"], "状态", 2, "已完成")
    with pytest.raises(NotAllowed):
        actions.apply_workbook(packed(book), actor=office.chief)
    stranger = make_user("rectification_office", make_unit())
    assert {row.kind for row in preview_workbook(stranger, packed(book)).rows} == {"refused"}
    owner = make_user("owner", office.first)
    with pytest.raises(NotAllowed):
        export_findings(owner, LedgerQuery())
    head = make_user("department_head", office.first)
    assert [row[3].value for row in office.book(head)["问题"].iter_rows(min_row=2)] == ["二、内部管理"]


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_other_files_get_a_specific_answer(office: Office, data: bytes) -> None:
    with pytest.raises((BadWorkbook, UnreadableFile)):
        preview_workbook(office.clerk, io.BytesIO(data))


def test_other_workbooks_and_bombs_get_a_specific_answer(office: Office) -> None:
    book = openpyxl.Workbook()
    with pytest.raises(BadWorkbook) as caught:
        preview_workbook(office.clerk, packed(book))
    assert "没有名为“问题”或“措施”的工作表" in caught.value.describe().what
    book.active.title = "问题"
    book.active["A1"] = "别的"
    with pytest.raises(BadWorkbook):
        preview_workbook(office.clerk, packed(book))
    import zipfile

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (60 * 1024 * 1024))
    bomb.seek(0)
    with pytest.raises(DangerousArchive):
        preview_workbook(office.clerk, bomb)
