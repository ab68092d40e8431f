"""Pages of notices and of checking figures: each answers, says what it should, and costs as many queries as written down."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document

from tests.factories.notice_rounds import Reported
from zhenggai.notices import actions
from zhenggai.notices.blocks import BlockKind
from zhenggai.notices.models import Notice, Publication
from zhenggai.notices.queries import body_of
from zhenggai.web.views.data_check import LIVE_SIGNS

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("notice_counts.json")
SignIn = Callable[..., Client]
WRONG = "全年立案461件，其中生态环境和食药领域223件，占比48.3%。巡察反馈问题40个，已完成整改24个，阶段性完成15个。"


@pytest.fixture(scope="module")
def built(module_database: None) -> Reported:
    return Reported()


@pytest.fixture
def body(built: Reported, db: None) -> Reported:
    return built


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]  # an answer


def form_of(notice: Notice, **changed: str) -> dict[str, str]:
    """Return what the form of the editor sends, with blocks of a kind changed."""
    blocks = body_of(notice).blocks
    sent = {"version": str(notice.version), "order": ",".join(f"{each.id}:{each.kind}" for each in blocks)}
    for each in blocks:
        sent[f"t-{each.id}"] = changed.get(each.kind.value, each.text)
    return sent


def fresh(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def test_a_notice_from_the_list_to_the_public_and_back_to_its_rows(body: Reported, sign_in_as: SignIn) -> None:
    office, chief = sign_in_as(body.office), sign_in_as(body.chief)
    assert "由台账编写通报" in text_of(office.get("/notices/"))
    made = office.post("/notices/new/", {"round": body.reported.pk, "as_of": "2025-01-16", "style": "standard"})
    notice = Notice.objects.get()
    assert made["Location"] == f"/notices/{notice.pk}/edit/"
    page = text_of(office.get(made["Location"]))
    assert "没有待处理事项" in page and '<mark class="fig is-bound">2个</mark>' in page
    status = next(each.text for each in body_of(notice).blocks if each.kind is BlockKind.STATUS)
    typed = form_of(notice, status=status.replace("已完成整改2个", "已完成整改3个"))
    checked = text_of(office.post(f"/notices/{notice.pk}/check/", typed))
    assert "来源现为 2个" in checked and "数字已变化" in checked and 'class="fig is-stale' in checked
    assert fresh(notice).version == 1
    office.post(f"/notices/{notice.pk}/edit/", typed)
    assert "更新为 2个" in text_of(office.get(f"/notices/{notice.pk}/edit/"))
    office.post(f"/notices/{notice.pk}/renew/", {"version": 2})
    assert "已完成整改2个" in str(body_of(fresh(notice)).blocks)
    versions = text_of(office.get(f"/notices/{notice.pk}/versions/?from=1&to=2"))
    assert "<del>2</del><ins>3</ins>" in versions
    lost = office.post(f"/notices/{notice.pk}/edit/", form_of(notice, preamble="我的导语。") | {"version": "1"})
    assert lost.status_code == 409 and "我的导语。" in text_of(lost) and "您的修改没有保存" in text_of(lost)
    then = office.post(f"/notices/{notice.pk}/edit/", form_of(fresh(notice)) | {"then": "submit"})
    assert then["Location"] == f"/notices/{notice.pk}/"
    assert "批准这份通报" in text_of(chief.get(f"/notices/{notice.pk}/"))
    chief.post(f"/notices/{notice.pk}/act/approve/", {"why": "同意公开"})
    assert "定时发布" in text_of(office.get(f"/notices/{notice.pk}/"))
    office.post(f"/notices/{notice.pk}/schedule/", {"day": "2999-01-01", "hour": "9点"})
    office.post(f"/notices/{notice.pk}/act/publish/")
    publication = Publication.objects.get()
    shown = text_of(office.get(f"/notices/published/{publication.pk}/"))
    links = re.findall(r'class="fig is-bound" href="(/notices/published/[^"]+)">2个', shown)
    rows = text_of(office.get(links[-1]))
    first = body.findings()[0]
    assert f'href="/findings/{first.pk}/"' in rows and "依据的记录 2 条" in rows
    assert office.get(f"/notices/published/{publication.pk}/docx/").status_code == 200
    assert office.get(f"/notices/published/{publication.pk}/pdf/").content[:5] == b"%PDF-"
    office.post(f"/notices/published/{publication.pk}/withdraw/", {"why": "口径有误"})
    assert "口径有误" in text_of(chief.get(f"/notices/published/{publication.pk}/"))


def test_a_figure_is_bound_on_its_page(body: Reported, sign_in_as: SignIn) -> None:
    office = sign_in_as(body.office)
    notice = body.notice()
    sent = office.post(
        f"/notices/{notice.pk}/edit/",
        form_of(notice, preamble="召开党组会1次。") | {"then": f"bind:{body_of(notice).blocks[1].id}:5-7"},
    )
    page = text_of(office.get(sent["Location"]))
    assert "“1次”从哪里来" in page and "相符" in page
    place = {"block": body_of(notice).blocks[1].id, "start": "5", "end": "7"}
    office.post(f"/notices/{notice.pk}/bind/", place | {"kind": "count", "count": "meetings.party_group"})
    bound = fresh(notice).bindings.latest("pk")
    assert bound.source == {"count": "meetings.party_group"}
    assert "党组会" in text_of(office.get(f"/notices/{notice.pk}/figures/{bound.pk}/"))
    paper = SimpleUploadedFile("纪要.txt", "党组会纪要".encode())
    sent = {"kind": "statement", "statement": "召开党组会1次", "voucher": str(body.head.pk)}
    refused = office.post(f"/notices/{notice.pk}/bind/", place | sent)
    assert refused.status_code == 422 and "至少指明一份佐证材料" in text_of(refused)
    office.post(f"/notices/{notice.pk}/bind/", place | sent | {"file": paper})
    stated = fresh(notice).bindings.latest("pk")
    assert office.get(f"/notices/{notice.pk}/figures/{stated.pk}/file/").content == "党组会纪要".encode()
    office.post(f"/notices/{notice.pk}/figures/{stated.pk}/unbind/")
    office.post(f"/notices/{notice.pk}/bind/", place | {"kind": "not_a_figure", "why": "文件编号"})
    assert "不是数字 1" in text_of(office.get(f"/notices/{notice.pk}/edit/"))
    assert office.get(f"/notices/{notice.pk}/bind/?block=moon&start=0&end=1").status_code == 404


def test_who_may_not_sees_nothing_of_it(body: Reported, sign_in_as: SignIn) -> None:
    notice = body.notice()
    outsider, owner, chief = (sign_in_as(each) for each in (body.outsider, body.owner, body.chief))
    assert outsider.get(f"/notices/{notice.pk}/").status_code == 404
    assert owner.get("/notices/").status_code == 403
    assert chief.get(f"/notices/{notice.pk}/").status_code == 200
    assert chief.get(f"/notices/{notice.pk}/edit/").status_code == 403
    assert chief.post(f"/notices/{notice.pk}/act/moon/").status_code == 404


def test_settings_styles_and_previews(body: Reported, sign_in_as: SignIn) -> None:
    office = sign_in_as(body.office)
    page = text_of(office.get("/notices/settings/"))
    assert "0000-8800000" in page
    notice = body.notice()
    office.post(f"/notices/{notice.pk}/style/", {"style": "table", "version": 1})
    assert '<th scope="col">反馈问题</th>' in text_of(office.get(f"/notices/{notice.pk}/"))
    assert office.get(f"/notices/{notice.pk}/preview/docx/").content[:2] == b"PK"
    assert office.get(f"/notices/{notice.pk}/preview/pdf/").content[:5] == b"%PDF-"
    office.post(f"/notices/{notice.pk}/recompose/", {"version": 2, "as_of": "2025-02-01"})
    assert "截至2025年2月1日" in str(body_of(fresh(notice)).blocks)
    office.post(f"/notices/{notice.pk}/versions/1/restore/", {"version": 3})
    assert body_of(fresh(notice)).version.style == "standard"
    office.post(f"/notices/{notice.pk}/act/discard/")
    assert "已作废 1 份" in text_of(office.get("/notices/"))


def test_any_text_or_file_is_checked_and_nothing_is_kept(body: Reported, sign_in_as: SignIn) -> None:
    anybody = sign_in_as(body.owner)
    page = text_of(anybody.post("/tools/figures/", {"text": WRONG}))
    assert "48.37%" in page and 'class="fig is-truncated"' in page and 'class="fig is-contradictory"' in page
    assert anybody.post("/tools/figures/", {"text": " "}).status_code == 422
    typing = {"HX-Request": "true"}
    live = text_of(anybody.post("/tools/figures/", {"text": WRONG}, headers=typing))
    assert "48.37%" in live and "<main" not in live and "<textarea" not in live
    assert "<section" not in text_of(anybody.post("/tools/figures/", {"text": " "}, headers=typing))
    long = text_of(anybody.post("/tools/figures/", {"text": "字" * (LIVE_SIGNS + 1)}, headers=typing))
    assert "请按“核对”" in long and "<section" not in long
    hostile = text_of(anybody.post("/tools/figures/", {"text": "<script>alert(1)</script>占比\u202e48.3%"}))
    assert "<script>alert" not in hostile and "\u202e" not in hostile.split("<main", 1)[1].split("</form>")[-1]
    paper = Document()
    paper.add_heading("通报")
    for sentence in WRONG.split("。")[:-1]:
        paper.add_paragraph().add_run(sentence + "。")
    file = io.BytesIO()
    paper.save(file)
    upload = SimpleUploadedFile("通报.docx", file.getvalue())
    answer = anybody.post("/tools/figures/annotated/", {"file": upload})
    written = Document(io.BytesIO(answer.content))
    assert [each.text for each in written.paragraphs] == [each.text for each in paper.paragraphs]
    comments = [each.text for each in written.comments]
    assert any(each.startswith("截断取数：") for each in comments) and any(
        each.startswith("数字矛盾：") for each in comments
    )
    pasted = anybody.post("/tools/figures/annotated/", {"text": WRONG})
    assert len(list(Document(io.BytesIO(pasted.content)).comments)) == len(comments)
    bad = SimpleUploadedFile("假.docx", b"PK\x03\x04 not a zip")
    assert anybody.post("/tools/figures/", {"file": bad}).status_code == 422


def test_pages_cost_as_many_queries_as_written_down(body: Reported, sign_in_as: SignIn) -> None:
    office = sign_in_as(body.office)
    published = actions.publish_notice(body.approved_notice(), actor=body.office)
    notice = actions.correct_notice(published.notice, actor=body.office) if published.notice else None
    assert notice is not None
    figure = published.figures.filter(binding__kind="count").first()
    assert figure is not None
    pages = {
        "list": "/notices/",
        "editor": f"/notices/{notice.pk}/edit/",
        "notice": f"/notices/{notice.pk}/",
        "versions": f"/notices/{notice.pk}/versions/",
        "publication": f"/notices/published/{published.pk}/",
        "figure": f"/notices/published/{published.pk}/figures/{figure.pk}/",
        "settings": "/notices/settings/",
        "data_check": "/tools/figures/",
    }
    office.get("/notices/")
    counts = {}
    for name, address in pages.items():
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address).status_code == 200
        counts[name] = len(queries)
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        KEPT.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert counts == json.loads(KEPT.read_text(encoding="utf-8"))
