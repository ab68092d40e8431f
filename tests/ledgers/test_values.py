"""One value: what people type, what is kept, what is shown; patterns of strangers; files beside a row."""

from __future__ import annotations

import datetime
import io
import time

import pytest

from tests.factories.ledgers import CASES, declare, make_row
from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.ledgers import actions, queries
from zhenggai.ledgers.choices import Choices
from zhenggai.ledgers.errors import IsWithdrawn
from zhenggai.ledgers.formats import matches, plain_pattern
from zhenggai.ledgers.masks import mask
from zhenggai.ledgers.names import Names
from zhenggai.ledgers.values import CannotTake, Setting, parse_value, show_value, show_wan
from zhenggai.packs.declarations import LedgerField


def field(kind: str, **more: object) -> LedgerField:
    return LedgerField.model_validate({"code": "x", "label": "某项", "type": kind, **more})


SETTING = Setting(Names(), Choices({}), datetime.date(2026, 1, 1))


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "shown"),
    [
        ("integer", "１２，３４５", 12345, "12,345"),
        ("integer", 3.0, 3, "3"),
        ("money", "202.6万元", "2026000.00", "2,026,000.00"),
        ("money", "¥1,234.5", "1234.50", "1,234.50"),
        ("money", "-0.00", "0.00", "0.00"),
        ("money", 0.1 + 0.2, "0.30", "0.30"),
        ("decimal", "1e3", "1000", "1000"),
        ("decimal", "0.100", "0.1", "0.1"),
        ("percent", "48.37％", "48.37", "48.37%"),
        ("date", "20260301", "2026-03-01", "2026-03-01"),
        ("date", "二〇二六年三月一日", "2026-03-01", "2026-03-01"),
        ("date", "46082", "2026-03-01", "2026-03-01"),  # the number of a day, from a cell without a format
        ("date", datetime.datetime(2026, 3, 1, 8), "2026-03-01", "2026-03-01"),
        ("datetime", "2026年3月1日 9时5分", "2026-03-01T09:05", "2026-03-01 09:05"),
        ("datetime", "2026年3月1日9时5分", "2026-03-01T09:05", "2026-03-01 09:05"),
        ("datetime", "2026-03-01T20:30:00Z", "2026-03-02T04:30", "2026-03-02 04:30"),
        ("datetime", "2026-03-01 20:30:00+00", "2026-03-02T04:30", "2026-03-02 04:30"),
        ("datetime", "2026-03-02T04:30:00+08:00", "2026-03-02T04:30", "2026-03-02 04:30"),
        ("datetime", "46082", "2026-03-01T00:00", "2026-03-01 00:00"),
        ("date", "2026-03-01T20:30:00Z", "2026-03-02", "2026-03-02"),
        ("date", "2026-03-01 14:30", "2026-03-01", "2026-03-01"),
        ("decimal", "33.333333333333336", "33.333333", "33.333333"),
        ("boolean", "√", True, "是"),
        ("text", " 多\u200b个  空格 ", "多个 空格", "多个 空格"),
        ("long_text", "甲\n乙", "甲\n乙", "甲\n乙"),
    ],
)
def test_values_are_kept_in_one_form(kind: str, typed: object, kept: object, shown: str) -> None:
    assert parse_value(field(kind), typed, SETTING) == kept
    assert show_value(field(kind), kept, SETTING) == shown


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("integer", "1.5"), ("integer", "十"), ("integer", True), ("integer", "1" * 13), ("money", "1.234"),
        ("decimal", "NaN"), ("decimal", "1.1234567"), ("percent", "很多"), ("date", "2026-02-29"), ("date", "2026年3月"),
        ("datetime", "2026-03-01 25:00"), ("boolean", "也许"), ("text", "长" * 501),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(kind: str, typed: object) -> None:
    with pytest.raises(CannotTake):
        parse_value(field(kind), typed, SETTING)


def test_sums_are_told_in_ten_thousands() -> None:
    assert (show_wan("2026000"), show_wan("12345", 1)) == ("202.6 万元", "1.2 万元")


@pytest.mark.parametrize(
    ("personal", "shown", "masked"),
    [
        ("name", "欧阳锋、张三", "欧某某、张某"),
        ("identity", "110101199001011234", "1101***34"),
        ("phone", "13912345678", "139***78"),
        ("phone", "110", "***"),
        ("address", "示例市中心区人民路一段1号院", "示例市中心区***"),
        ("account", "6222020000001234", "***1234"),
        ("other", "任何内容", "***"),
    ],
)
def test_masks_leave_enough_to_tell_rows_apart(personal: str, shown: str, masked: str) -> None:
    assert mask(field("text", personal=personal), shown) == masked


def test_patterns_of_strangers_cannot_keep_the_server_busy() -> None:
    began = time.monotonic()
    for pattern in ("(a+)+b", "(a|a)*b", "a*a*a*a*a*b", r"(.*)\1b"):
        assert plain_pattern(pattern) is None
    assert not matches("(a+)+b", "a" * 2000)
    assert matches("(示检|示区检)[0-9]+号", "示检12号") and not matches("[0-9]{18}", "1" * 19)
    assert matches("(a+)+b", "aab")
    assert time.monotonic() - began < 5


@pytest.mark.django_db
def test_units_departments_and_people_are_named_as_people_name_them() -> None:
    declare(CASES)
    court = make_unit("示例市人民检察院", aliases=["市院"])
    make_department(court, "案件管理办公室")
    person = make_user("owner", court, name="王小明", username="wxm")
    make_user("owner", court, name="李同名")
    make_user("owner", court, name="李同名")
    setting = Setting(Names(), Choices({}), datetime.date(2026, 1, 1))
    assert parse_value(field("unit"), "市院", setting) == str(court.pk)
    assert show_value(field("unit"), str(court.pk), setting) == "示例市人民检察院"
    assert parse_value(field("department"), "案件管理办公室", setting) == "案件管理办公室"
    assert parse_value(field("person"), "王小明", setting) == person.username
    assert show_value(field("person"), "wxm", setting) == "王小明"
    make_row(court, no="示检1号")
    reference = field("reference", ledger="try_cases")
    assert parse_value(reference, "示检1号", setting) == "示检1号"
    for kind, typed in ((reference, "示检2号"), (field("person"), "李同名"), (field("unit"), "某院")):
        with pytest.raises(CannotTake):
            parse_value(kind, typed, setting)


@pytest.mark.django_db
def test_files_stand_beside_a_row_for_those_who_see_it() -> None:
    declare(CASES)
    court = make_unit()
    clerk, reader = make_user("rectification_office", court), make_user("owner", court)
    stranger = make_user("rectification_office", make_grassroots(court))
    row = make_row(court)
    put = {"source": io.BytesIO("内容".encode()), "name": "说明.txt"}
    attachment = actions.attach_file(row, actor=clerk, **put)  # type: ignore[arg-type]  # a bag of arguments
    assert queries.access_attachment(reader, attachment.pk).name == "说明.txt"
    with pytest.raises(NotFound):
        queries.access_attachment(stranger, attachment.pk)
    for actor, refusal in ((reader, NotAllowed), (stranger, NotFound)):
        with pytest.raises(refusal):
            actions.attach_file(row, actor=actor, source=io.BytesIO(b"x"), name="x.txt")
        with pytest.raises(refusal):
            actions.withdraw_attachment(attachment, actor=actor)
    actions.withdraw_attachment(attachment, actor=clerk)
    with pytest.raises(NotFound):
        queries.access_attachment(clerk, attachment.pk)
    actions.withdraw_row(row, actor=clerk, reason="重复")
    with pytest.raises(IsWithdrawn):
        actions.attach_file(row, actor=clerk, source=io.BytesIO(b"x"), name="x.txt")
