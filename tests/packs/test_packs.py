"""Packs on disk: what is read, what a mistake's author is told, and that hostile files are bounded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from zhenggai.packs.checking import check
from zhenggai.packs.loading import Declared, load, office_folders, shipped, shipped_folders
from zhenggai.packs.reading import read_source

Write = Callable[..., Declared]

LEDGER = """
ledger: visits
label: 接访登记
one: 来访
key: [no]
date: on
fields:
  - {code: no, label: 编号, type: text, required: true, unique: true}
  - {code: on, label: 来访日期, type: date, required: true}
  - {code: kind, label: 类别, type: choice, enumeration: visit_kind}
  - {code: people, label: 人数, type: integer, unit: 人}
rules:
  - {rule: crowded, label: 人数较多, when: people >= 5, message: "{no}号来访{people}人"}
indicators:
  - {indicator: people, label: 来访人数, unit: 人, numerator: {of: sum, value: people}}
"""
KINDS = """
enumeration: visit_kind
label: 来访类别
versions:
  - since: 2020-01-01
    values: [{code: first, label: 初访}, {code: again, label: 重访, also: [重复访]}]
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write ledgers (and enumerations) of one office and read all packs with them."""

    def written(*ledgers: str, kinds: str = KINDS, pack: str = "pack: own\nlabel: 本院\n") -> Declared:
        folder = tmp_path / "packs" / "own"
        for name, texts in (("ledgers", ledgers), ("enumerations", (kinds,))):
            (folder / name).mkdir(parents=True, exist_ok=True)
            for index, text in enumerate(texts):
                (folder / name / f"{index}.yaml").write_text(text, encoding="utf-8")
        (folder / "pack.yaml").write_text(pack, encoding="utf-8")
        return load([*shipped_folders(), *office_folders(tmp_path)])

    return written


def test_a_ledger_of_an_office_is_read_beside_the_shipped_ones(write: Write) -> None:
    declared = write(LEDGER)
    assert declared.problems == []
    assert check(declared) == []
    ledger = declared.ledgers["visits"]
    assert ledger.field("on") is not None, "a field may be called `on`, which YAML takes for a boolean"
    assert ledger.rules[0].kind == "row"
    assert declared.owners["visits"] == "own"
    assert list(declared.packs)[-1] == "own"


def test_shipped_packs_have_no_mistakes() -> None:
    assert [str(problem) for problem in shipped().problems + check(shipped())] == []


def test_a_mistake_is_told_with_file_line_excerpt_and_hint(write: Write) -> None:
    declared = write(LEDGER.replace("when: people >= 5", "wenn: people >= 5"))
    wrong = {problem.path: problem for problem in declared.problems}
    typing_error = wrong["rules[0].wenn"]
    assert typing_error.file == "packs/own/ledgers/0.yaml"
    assert "crowded" in typing_error.excerpt
    assert typing_error.line == next(n for n, line in enumerate(LEDGER.splitlines(), 1) if "crowded" in line)
    assert "when" in typing_error.hint
    assert "visits" not in declared.ledgers, "a declaration with a mistake is left out"


@pytest.mark.parametrize(
    ("change", "path", "word"),
    [
        (("key: [no]", "key: [nr]"), "key[0]", "没有名为“nr”的字段"),
        (("enumeration: visit_kind", "enumeration: visit_kinds"), "fields[2].enumeration", "值集"),
        (("{code: on,", "{code: value,"), "fields[1].code", "专用词"),
        (("date: on", "date: people"), "date", "不合适"),
        (("{people}人", "{peopel}人"), "rules[0].message", "peopel"),
        (("label: 人数较多", "label: 人数较多, letter: warn"), "rules[0].letter", "文书"),
        (("{of: sum, value: people}", "{of: sum}"), "indicators[0].numerator.of", "value"),
        (("type: text, required", "type: text, format: '(a+)+', required"), "fields[0].format", "套叠"),
        (("type: integer", "type: reference, ledger: nowhere"), "fields[3].ledger", "台账"),
    ],
)
def test_names_that_nothing_declares_are_found(write: Write, change: tuple[str, str], path: str, word: str) -> None:
    found = {problem.path: problem for problem in check(write(LEDGER.replace(*change)))}
    assert word in found[path].message
    assert found[path].line > 0


def test_an_office_changes_a_ledger_declared_elsewhere(write: Write) -> None:
    extension = """
extends: visits
drop_fields: [people]
fields:
  - {code: kind, label: 来访类型, type: choice, enumeration: visit_kind}
  - {code: note, label: 备注, type: long_text}
drop_rules: [crowded]
indicators:
  - {indicator: people, label: 来访批次, numerator: {}}
"""
    declared = write(LEDGER, extension)
    assert declared.problems == []
    ledger = declared.ledgers["visits"]
    assert [(each.code, each.label) for each in ledger.fields] == [
        ("no", "编号"), ("on", "来访日期"), ("kind", "来访类型"), ("note", "备注"),
    ]  # fmt: skip
    assert ledger.rules == ()
    assert ledger.indicators[0].label == "来访批次"


def test_an_office_sets_a_parameter_of_a_rule(write: Write) -> None:
    rule = "{rule: crowded, label: 人数较多, when: 'people >= :many', parameters: {many: {value: 5, label: 人数, verified: false}}}"
    ledger = LEDGER.replace(LEDGER[LEDGER.index("{rule:") : LEDGER.index("indicators:")], rule + "\n")
    declared = write(ledger, "extends: visits\nparameters: {crowded.many: 8}\n")
    assert declared.problems == []
    assert declared.ledgers["visits"].rules[0].parameters["many"].value == 8
    declared = write(ledger, "extends: visits\nparameters: {crowded.much: 8}\n")
    assert "crowded.much" in declared.problems[0].message


def test_what_cannot_be_extended_or_declared_twice_is_told(write: Write) -> None:
    assert "没有名为“vists”" in write(LEDGER, "extends: vists\n").problems[0].message
    assert "已有名为“visits”" in write(LEDGER, LEDGER).problems[0].message
    assert "需要的包" in write(LEDGER, pack="pack: own\nlabel: 本院\nrequires: [absent]\n").problems[0].message


def test_text_computed_from_personal_data_is_personal_too(write: Write) -> None:
    who = "  - {code: who, label: 来访人, type: text, personal: name}\n  - {code: copy, label: 抄录, type: text, computed: who"
    bare = LEDGER.replace("rules:", who + "}\nrules:")
    (problem,) = check(write(bare))
    assert "“来访人”是个人信息" in problem.message and "personal: name" in problem.hint
    assert check(write(bare.replace("computed: who}", "computed: who, personal: name}"))) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: &x [1]\nb: *x\n", "锚点"),
        ("a: " + "[" * 10_000, "嵌套"),
        ("a: 1\na: 2\n", "写了两次"),
        ("a:\n\t- 1\n", "YAML：文字不能以这个符号开头"),
        ("a: 1\n---\nb: 2\n", "YAML：一个文件只写一份声明"),
        ("a: [1\n", "YAML：方括号没有成对"),
        ("a: 1\n  b: 2\n", "YAML：这里不应再有“: ”"),
        ("a: 'x\n", "YAML"),
        ("x" * 1_000_001, "超过"),
        ("? [1]\n: 2\n", "一个词"),
    ],
)
def test_files_that_are_not_sound_are_bounded(text: str, word: str) -> None:
    source = read_source("bad.yaml", text)
    assert source.value is None
    assert word in source.problems[0].message


def test_a_pack_that_is_no_pack_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "packs" / "empty").mkdir(parents=True)
    (tmp_path / "packs" / "latin" / "ledgers").mkdir(parents=True)
    (tmp_path / "packs" / "latin" / "pack.yaml").write_text("pack: latin\nlabel: x\n")
    (tmp_path / "packs" / "latin" / "ledgers" / "a.yaml").write_bytes("ledger: 案".encode("gb18030"))
    declared = load([*shipped_folders(), *office_folders(tmp_path)])
    assert {problem.file for problem in declared.problems} == {"packs/empty/pack.yaml", "packs/latin/ledgers/a.yaml"}
    assert "common" in declared.packs


def test_shipped_packs_never_compare_units_and_close_what_names_people() -> None:
    ledgers = shipped().ledgers
    assert not any(each.compare_units for ledger in ledgers.values() for each in ledger.indicators)
    named = {code for code, ledger in ledgers.items() if ledger.secrecy == "named"}
    assert {"quality_reviews", "quality_opinions", "three_rules_records", "monthly_reports", "leavers"} <= named


def test_every_unread_number_of_the_shipped_packs_is_a_parameter_with_a_label() -> None:
    """A rule that cites a text says where; a parameter that nobody verified is marked."""
    for ledger in shipped().ledgers.values():
        assert ledger.about and all(field.label for field in ledger.fields)
        for rule in ledger.rules:
            assert rule.message or rule.about, f"{ledger.ledger}.{rule.rule}"
            assert all(each.label for each in rule.parameters.values())
    assert {rule.kind for ledger in shipped().ledgers.values() for rule in ledger.rules} == {
        "row", "due", "group", "absence", "comparison", "repeat", "indicator", "completeness"
    }  # fmt: skip


def test_an_expression_cut_at_its_comma_is_explained(write: Write) -> None:
    """In braces a comma ends a value, so an expression with one must be quoted."""
    declared = write(LEDGER.replace("value: people}", "value: people, where: days_between(on, as_of) > 3}"))
    assert [each.hint for each in declared.problems] == ["大括号里的文字含有逗号时，要给整段文字加引号。"]


WRONG = """
ledger: cars
label: 派车登记
key: [no]
date: left_on
fields:
  - {code: no, label: 编号, type: text, required: true}
  - {code: left_on, label: 出车日期, type: date}
  - {code: back_on, label: 回车日期, type: date}
  - {code: km, label: 里程, type: integer}
  - {code: days, label: 天数, type: integer, computed: back_on}
views:
  - {view: out, label: 在外, where: back is null}
rules:
  - {rule: long, label: 时间长, when: "back_on - left_on > 3", message: 时间长}
  - {rule: due, kind: due, label: 未回, due: km, unless: back_on is not null, message: 未回}
  - rule: visited
    kind: comparison
    label: 同日接访
    message: 同日
    with_ledger: visits
    on: left.left_on = right.day
  - {rule: far, kind: indicator, label: 里程多, indicator: km, when: value > last_yaer, message: 多}
indicators:
  - {indicator: km, label: 里程, numerator: {of: sum, value: no}}
  - {indicator: late, label: 迟, numerator: {of: count, where: "deadline('CR99', left_on) < as_of"}}
"""


def test_every_expression_is_checked_against_what_it_speaks_of(write: Write) -> None:
    declared = write(LEDGER, WRONG)
    assert declared.problems == []
    told = {problem.path: problem for problem in check(declared)}
    assert {
        path: (each.message, each.hint) for path, each in told.items() if "computed" in path or "value" in path
    } == {
        "fields[4].computed": ("结果应是整数，这里得到的是日期。", ""),
        "indicators[0].numerator.value": ("结果应是小数，这里得到的是文字。", ""),
    }
    assert sorted(told) == [
        "fields[4].computed",
        "indicators[0].numerator.value",
        "indicators[1].numerator.where",
        "rules[0].when",
        "rules[1].due",
        "rules[2].on",
        "rules[3].when",
        "views[0].where",
    ]
    assert "days_between" in told["rules[0].when"].hint
    assert told["views[0].where"].line == 13
    assert "last_year" in told["rules[3].when"].hint


def test_a_label_of_a_field_or_a_value_serves_as_well_as_its_code(write: Write) -> None:
    declared = write(LEDGER.replace("when: people >= 5", "when: 人数 >= 5 and 类别 = '重访'"))
    assert check(declared) == []
