"""Documents come in through the pages: uploaded, checked, corrected by every act of the table, confirmed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.conftest import World
from zhenggai.findings.models import Finding
from zhenggai.intake.models import Import
from zhenggai.intake.queries import draft_view
from zhenggai.intake.shapes import DraftView
from zhenggai.web.draft_acts import ACTS
from zhenggai.web.target import target_of

SignIn = Callable[..., Client]
NOTICE = """示例市人民检察院党组关于巡察整改进展情况的通报
一、落实主体责任方面
1.关于“办案期限管理不严”的问题。有的案件超期。
整改措施：（1）逐案清理；（2）按月通报。
2.关于“台账登记不及时”的问题。
整改措施：（1）明确专人登记；（2）每周核对。
二、队伍建设方面
3.关于“培训不经常”的问题。
整改措施：（1）制定年度计划。
"""


class Desk:
    """A clerk at the check page of one document."""

    def __init__(self, client: Client, document: Import) -> None:
        """Keep who sits there and what lies there."""
        self.client, self.document = client, document

    @property
    def view(self) -> DraftView:
        """The draft as it stands."""
        self.document.refresh_from_db()
        return draft_view(self.document)

    def act(self, name: str, **fields: object) -> DraftView:
        """Send a correction as the page does, and return the draft after it."""
        form = {"act": name, "version": self.view.version, "open": ""} | fields
        answer = self.client.post(f"/intake/{self.document.pk}/edit/", form, headers={"HX-Request": "true"})
        assert answer.status_code == 200, answer.content.decode()[:400]
        assert b"data-version" in answer.content
        return self.view


@pytest.fixture
def desk(world: World, sign_in_as: SignIn, django_capture_on_commit_callbacks: object) -> Desk:
    """Return the clerk's desk with a notice that has been read."""
    client = sign_in_as(world.people["office"])
    upload = SimpleUploadedFile("通报.txt", NOTICE.encode())
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture that is a function
        answer = client.post("/intake/", {"file": upload, "unit": world.organisation.pk, "round": ""})
    document = Import.objects.get()
    assert answer["Location"] == f"/intake/{document.pk}/"
    assert document.state == Import.State.READ, document.error
    Import.objects.update(round=None)
    return Desk(client, document)


def test_the_check_page_shows_source_and_draft(desk: Desk) -> None:
    page = desk.client.get(f"/intake/{desk.document.pk}/").content.decode()
    assert page.count('class="line"') == len(desk.document.text.split("\n"))
    assert all(title in page for title in ("办案期限管理不严", "台账登记不及时", "培训不经常"))
    key = desk.view.aspects[0].findings[1].key
    opened = desk.client.get(f"/intake/{desk.document.pk}/?finding={key}").content.decode()
    assert 'class="editor"' in opened and "明确专人登记" in opened
    part = desk.client.get(f"/intake/{desk.document.pk}/findings/{key}/").content.decode()
    assert 'class="editor"' in part and "<html" not in part
    assert desk.client.get(f"/intake/{desk.document.pk}/findings/f999/").status_code == 400


def test_every_correction_of_the_table_reaches_its_act(desk: Desk) -> None:
    first, second = (finding.key for finding in desk.view.aspects[0].findings)
    other = desk.view.aspects[1]
    done = set()

    def act(name: str, **fields: object) -> DraftView:
        done.add(name)
        return desk.act(name, **fields)

    def finding(view: DraftView, key: str) -> object:
        return next(item for aspect in view.aspects for item in aspect.findings if item.key == key)

    assert finding(act("retitle", key=first, value="期限管理松弛"), first).title == "期限管理松弛"
    assert finding(act("number", key=first, value="一"), first).no == "一"
    assert finding(act("description", key=first, value="甲\r\n乙"), first).description == "甲\n乙"
    assert finding(act("status", key=first, value="phased"), first).status == "phased"
    assert finding(act("deadline", key=first, value="2025-06-30"), first).deadline == "2025-06-30"
    assert finding(act("target", key=first, value="无超期"), first).target == "无超期"
    assert finding(act("progress", key=first, value="已清理\n已通报"), first).progress == ("已清理", "已通报")
    named = act("responsibility", key=first, leader="周明远", department="第一检察部")
    assert finding(named, first).responsibility.leader == "周明远"
    measures = finding(desk.view, first).measures
    assert finding(act("measure", key=measures[0].key, text="逐案清理到位"), first).measures[0].text == "逐案清理到位"
    assert len(finding(act("add_measure", key=first, value="定期抽查", position=2), first).measures) == 3
    moved = act("move_measure", key=measures[1].key, finding=second, position=0)
    assert finding(moved, second).measures[0].key == measures[1].key
    split = finding(act("split_measure", key=measures[0].key, at=4), first)
    assert [item.text for item in split.measures][:2] == ["逐案清理", "到位"]
    pair = ",".join(item.key for item in split.measures[:2])
    assert len(finding(act("merge_measures", keys=pair), first).measures) == 2
    last = finding(desk.view, first).measures[-1].key
    assert len(finding(act("delete_measure", key=last), first).measures) == 1
    assert act("aspect", key=other.key, no="二", title="队伍方面").aspects[1].title == "队伍方面"
    assert len(act("add_aspect", value="作风方面", position=2).aspects) == 3
    third = desk.view.aspects[2].key
    assert act("move_aspect", key=third, position=0).aspects[0].key == third
    assert len(act("delete_aspect", key=third).aspects) == 2
    assert act("add", aspect=other.key, value="漏读的问题", position=1).finding_count == 4
    assert act("move", key=second, aspect=other.key, position=0).aspects[1].findings[0].key == second
    cut = finding(desk.view, second).measures[1].key
    assert act("split", key=second, measure=cut, value="拆出的问题").finding_count == 5
    pair = ",".join(item.key for item in desk.view.aspects[1].findings[:2])
    assert act("merge", keys=pair).finding_count == 4
    gone = desk.view.aspects[1].findings[-1].key
    assert act("delete", key=gone).finding_count == 3
    assert act("undo").finding_count == 4
    assert act("redo").finding_count == 3
    facts = act("facts", **{"fact:inspecting_body": "市委第五巡察组"}).facts
    assert next(fact.value for fact in facts if fact.name == "inspecting_body") == "市委第五巡察组"
    act("match", key=first, value="new")
    assert done == set(ACTS)


def test_a_correction_of_an_old_draft_is_refused_and_keeps_nothing(desk: Desk) -> None:
    key = desk.view.aspects[0].findings[0].key
    stale = {"act": "retitle", "key": key, "value": "甲", "version": desk.view.version}
    desk.act("retitle", key=key, value="乙")
    refused = desk.client.post(f"/intake/{desk.document.pk}/edit/", stale, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "intake.DraftChanged")
    for broken in ({"act": "nonsense"}, {"act": "retitle"}, {"act": "move", "key": key, "position": "x"}):
        form = {"version": desk.view.version} | broken
        answer = desk.client.post(f"/intake/{desk.document.pk}/edit/", form, headers={"Accept": "application/json"})
        assert answer.status_code == 400, broken


def test_confirming_writes_the_record_and_later_papers_match_it(desk: Desk, world: World) -> None:
    before = Finding.objects.count()
    answer = desk.client.post(
        f"/intake/{desk.document.pk}/confirm/", {"version": desk.view.version, "round_name": "2025年专项"}
    )
    assert answer.status_code == 302
    round_id = int(re.search(r"round=(\d+)", answer["Location"]).group(1))
    assert Finding.objects.filter(round_id=round_id).count() == 3 == Finding.objects.count() - before
    finding = Finding.objects.filter(round_id=round_id).first()
    assert finding is not None
    page = desk.client.get(f"/findings/{finding.pk}/").content.decode()
    assert 'class="whole"' in page
    assert "已入账" in desk.client.get(f"/intake/{desk.document.pk}/").content.decode()
    original = b"".join(desk.client.get(f"/intake/{desk.document.pk}/file/").streaming_content)
    assert original == NOTICE.encode()
    again = desk.client.post(
        f"/intake/{desk.document.pk}/confirm/", {"version": 1}, headers={"Accept": "application/json"}
    )
    assert again.status_code == 409


def test_another_bodys_paper_enters_only_when_that_is_said_to_be_meant(desk: Desk, world: World) -> None:
    own = desk.client.get(f"/intake/{desk.document.pk}/").content.decode()
    assert "文件所写的单位是" not in own and f"目标单位：{world.organisation.name}" in own
    desk.act("facts", **{"fact:unit": "邻江市人民法院党组"})
    page = desk.client.get(f"/intake/{desk.document.pk}/").content.decode()
    assert "文件所写的单位是“邻江市人民法院党组”" in page and 'name="other_body"' in page
    before = Finding.objects.count()
    form = {"version": desk.view.version, "round_name": "误传"}
    refused = desk.client.post(f"/intake/{desk.document.pk}/confirm/", form, headers={"Accept": "application/json"})
    assert refused.json()["error"]["code"] == "web.OtherBody"
    assert Finding.objects.count() == before
    assert desk.client.post(f"/intake/{desk.document.pk}/confirm/", form | {"other_body": "1"}).status_code == 302
    assert Finding.objects.count() == before + 3


def test_ways_to_write_ones_own_body_are_not_another(desk: Desk, world: World) -> None:
    world.organisation.aliases = ["示例市检察院"]
    world.organisation.save()
    for said, other in (
        ("中共示例市人民检察院党组", False),
        ("甲省示例市人民检察院", False),
        ("示例市检察院党组", False),
        (world.department.name, False),
        ("", False),
        ("示例市中级人民法院党组", True),
        ("邻江市人民检察院", True),
    ):
        document = Import.objects.get()
        document.draft["unit"] = said
        assert target_of(document).is_other is other, said


def test_the_dialog_lists_every_count_that_contradicts_the_draft(desk: Desk) -> None:
    desk.act("facts", **{"fact:counts.findings": "5", "fact:counts.aspects": "2"})
    part = desk.client.get(f"/intake/{desk.document.pk}/").content.decode()
    dialog = part[part.index('id="confirm-form"') :]
    assert "问题：文件称 5，读出 3" in dialog
    assert "方面：文件称" not in dialog


def test_the_same_bytes_again_point_to_the_first_import(
    desk: Desk, world: World, django_capture_on_commit_callbacks: object
) -> None:
    again = SimpleUploadedFile("又一份.txt", NOTICE.encode())
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture that is a function
        answer = desk.client.post("/intake/", {"file": again, "unit": world.organisation.pk, "round": ""})
    page = desk.client.get(answer["Location"]).content.decode()
    assert "此文件已于" in page and f'href="/intake/{desk.document.pk}/"' in page


def test_choosing_a_round_shows_proposals(desk: Desk, world: World) -> None:
    desk.client.post(f"/intake/{desk.document.pk}/round/", {"round": world.round.pk})
    page = desk.client.get(f"/intake/{desk.document.pk}/").content.decode()
    assert "与台账比对" in page and "文件未提到" in page
    assert "保持原样" in page
    part = desk.client.get(f"/intake/{desk.document.pk}/matches/").content.decode()
    assert "data-confirm-fresh" in part and "与台账比对" in part
    edited = desk.client.post(
        f"/intake/{desk.document.pk}/edit/",
        {"act": "add", "aspect": "", "value": "补的", "position": 0, "version": desk.view.version, "open": ""},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "data-stale" in edited and "与台账比对" not in edited


def test_several_files_at_once_and_refusals_beside_them(
    world: World, sign_in_as: SignIn, django_capture_on_commit_callbacks: object
) -> None:
    client = sign_in_as(world.people["office"])
    good = [SimpleUploadedFile(f"{name}.txt", NOTICE.encode() + name.encode()) for name in "甲乙"]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture that is a function
        answer = client.post("/intake/", {"file": good, "unit": world.organisation.pk})
    assert answer["Location"] == "/intake/"
    assert Import.objects.count() == 2
    nothing = client.post("/intake/", {"unit": world.organisation.pk}, headers={"Accept": "application/json"})
    assert nothing.json()["error"]["code"] == "web.MissingField"
    assert client.post("/intake/", {"file": good, "unit": 999999}).status_code in {403, 404}


def test_the_list_says_what_was_read_and_why_something_failed(desk: Desk) -> None:
    assert "3 个问题" in desk.client.get("/intake/").content.decode()
    Import.objects.update(state=Import.State.FAILED, error={"what": "文件已损坏。", "todo": "请另存后再传。"})
    assert "文件已损坏。 请另存后再传。" in desk.client.get("/intake/").content.decode()


def test_reading_discarding_and_reading_again(desk: Desk) -> None:
    Import.objects.update(state=Import.State.READING, percent=20, step="正在读取")
    reading = desk.client.get(f"/intake/{desk.document.pk}/progress/").content.decode()
    assert "hx-get" in reading and "20%" in reading
    assert 'id="progress"' in desk.client.get(f"/intake/{desk.document.pk}/").content.decode()
    Import.objects.update(
        state=Import.State.FAILED, error={"code": "x.Y", "what": "坏了", "where": "", "todo": "换一份"}
    )
    assert desk.client.get(f"/intake/{desk.document.pk}/progress/")["HX-Refresh"] == "true"
    failed = desk.client.get(f"/intake/{desk.document.pk}/").content.decode()
    assert "坏了" in failed and "换一份" in failed and "x.Y" in failed
    desk.client.post(f"/intake/{desk.document.pk}/discard/")
    assert "已放弃" in desk.client.get(f"/intake/{desk.document.pk}/").content.decode()
