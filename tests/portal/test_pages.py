"""What everybody may read: the archive, a notice, its copies; and what a cache in front may hold of it."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from lxml import etree

from tests.factories.files import make_file
from tests.factories.findings import make_round
from tests.factories.notices import make_publication
from tests.factories.people import make_unit
from tests.portal.reading import Page
from zhenggai.portal.queries import PAGE_SIZE
from zhenggai.portal.search import index_new, rebuild

pytestmark = pytest.mark.django_db


def titles(answer: object) -> list[str]:
    return Page(answer).words(".notices h2 a")


def test_a_notice_is_read_without_a_cookie_and_a_cache_may_hold_it(reader: Client) -> None:
    it = make_publication()
    answer = reader.get(f"/public/{it.slug}/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    again = reader.get(f"/public/{it.slug}/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert not again.content
    packed = reader.get(f"/public/{it.slug}/", headers={"Accept-Encoding": "gzip", "If-None-Match": answer["ETag"]})
    assert packed.status_code == 200
    assert packed["Content-Encoding"] == "gzip"


def test_who_is_signed_in_sees_what_everybody_sees(reader: Client) -> None:
    it = make_publication()
    plain = reader.get(f"/public/{it.slug}/")
    reader.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert reader.get(f"/public/{it.slug}/").content == plain.content


def test_the_page_shows_title_body_and_where_to_take_it_along(reader: Client) -> None:
    it = make_publication(docx=make_file(b"PK word", name="a.docx"), pdf=make_file(b"%PDF-1.7", name="a.pdf"))
    page = Page(reader.get(f"/public/{it.slug}/"))
    assert page.words("h1") == [it.title]
    assert page.css("article[itemtype='https://schema.org/Report'] [itemprop=articleBody] h2")
    assert {f"/public/{it.slug}/notice.{ending}" for ending in ("docx", "pdf", "txt", "json")} <= set(page.links())
    pdf = reader.get(f"/public/{it.slug}/notice.pdf")
    assert b"".join(pdf) == b"%PDF-1.7"
    assert pdf["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert reader.get(f"/public/{it.slug}/notice.pdf", headers={"If-None-Match": pdf["ETag"]}).status_code == 304


def test_the_plain_text_is_what_the_digest_was_taken_of(reader: Client) -> None:
    it = make_publication(text="关于整改情况的通报\n第一段。\n")
    text = reader.get(f"/public/{it.slug}/notice.txt").content
    assert hashlib.sha256(text).hexdigest() == it.digest
    told = reader.get(f"/public/{it.slug}/notice.json").json()
    assert (told["sha256"], told["text"], told["data"]) == (it.digest, it.text, it.data)
    assert told["address"] == f"http://testserver/public/{it.slug}/"
    linked = reader.get(f"/public/{it.slug}/notice.jsonld").json()
    assert (linked["@type"], linked["headline"]) == ("Report", it.title)


def test_a_withdrawn_notice_says_why_and_its_copies_are_gone(reader: Client) -> None:
    round_ = make_round()
    old = make_publication(round_, withdrawn_at=timezone.now(), withdrawn_why="数据有误，更正后重新发布")
    new = make_publication(round_, replaces=old)
    page = reader.get(f"/public/{old.slug}/")
    assert page.status_code == 410
    assert "数据有误，更正后重新发布" in page.content.decode()
    assert f"/public/{new.slug}/" in page.content.decode()
    assert old.text.splitlines()[-1] not in page.content.decode()
    for ending in ("json", "jsonld", "txt", "docx", "pdf"):
        assert reader.get(f"/public/{old.slug}/notice.{ending}").status_code == 410, ending
    assert reader.get(f"/public/{old.slug}/notice.json").json()["error"]["code"] == "portal.Withdrawn"
    assert titles(reader.get("/public/")) == [new.title]


def test_a_withdrawal_reaches_pages_that_were_kept(reader: Client) -> None:
    it = make_publication()
    etag = reader.get(f"/public/{it.slug}/")["ETag"]
    it.withdrawn_at, it.withdrawn_why = timezone.now(), "误发"
    it.save()
    assert reader.get(f"/public/{it.slug}/", headers={"If-None-Match": etag}).status_code == 410


def test_a_replaced_notice_points_on_to_the_newest(reader: Client) -> None:
    round_ = make_round()
    first = make_publication(round_)
    before = reader.get(f"/public/{first.slug}/")
    second = make_publication(round_, replaces=first)
    third = make_publication(round_, replaces=second)
    after = reader.get(f"/public/{first.slug}/")
    assert before["ETag"] != after["ETag"]
    assert f"/public/{third.slug}/" in after.content.decode()
    assert reader.get(f"/public/{first.slug}/notice.json").json()["replaced_by"].endswith(f"/{third.slug}/")
    assert f"/public/{second.slug}/" in reader.get(f"/public/{third.slug}/").content.decode()


def test_the_archive_finds_chinese_before_and_after_it_was_indexed(reader: Client) -> None:
    hit = make_publication(text="关于固定资产账实不符问题的整改情况")
    make_publication(text="关于检察建议跟踪问效的整改情况")
    for _time in ("fresh", "indexed", "rebuilt"):
        for words in ("账实不符", "固定资产 账实", "账"):
            assert titles(reader.get("/public/", {"q": words})) == [hit.title], (words, _time)
        assert titles(reader.get("/public/", {"q": "问效不符"})) == []
        assert titles(reader.get("/public/", {"q": "，。"})) == []
        done = index_new() if _time == "fresh" else rebuild()
        assert done == 2
    assert index_new() == 0


def test_paging_stays_put_when_something_is_published_meanwhile(reader: Client) -> None:
    round_, start = make_round(), timezone.now() - timedelta(days=400)
    made = [
        make_publication(round_, published_at=start + timedelta(hours=number // 3)).title
        for number in range(PAGE_SIZE * 2 + 5)
    ][::-1]
    older = Page(reader.get("/public/")).links("a[rel=next]")[0]
    make_publication(round_)
    second = reader.get(older)
    assert titles(second) == made[PAGE_SIZE : 2 * PAGE_SIZE]
    last = Page(second).links("a[rel=next]")[0]
    third = reader.get(last)
    assert titles(third) == made[2 * PAGE_SIZE :]
    back = Page(third).links("a[rel=prev]")[0]
    assert titles(reader.get(back)) == titles(second)


def test_year_and_body_narrow_the_archive(reader: Client) -> None:
    one, other = make_unit("示例市人民检察院"), make_unit("示例区人民检察院")
    mine = make_publication(make_round(one), published_at=timezone.make_aware(timezone.datetime(2024, 1, 1)))
    make_publication(make_round(one), published_at=timezone.make_aware(timezone.datetime(2023, 12, 31, 23, 59)))
    theirs = make_publication(make_round(other), published_at=timezone.make_aware(timezone.datetime(2024, 6, 1)))
    assert titles(reader.get("/public/", {"year": "2024"})) == [theirs.title, mine.title]
    assert titles(reader.get("/public/", {"year": "2024", "body": str(one.pk)})) == [mine.title]
    for odd in ("year=9999999", "year=-1", "body=x", "before=zz", "before=" + "f" * 40, "after=-", "q=" + "a" * 900):
        assert reader.get(f"/public/?{odd}").status_code == 200


def test_the_register_lists_everything_with_what_became_of_it(reader: Client) -> None:
    round_ = make_round()
    standing = make_publication(round_)
    gone = make_publication(round_, withdrawn_at=timezone.now(), withdrawn_why="误发")
    newer = make_publication(round_, replaces=standing)
    told = reader.get("/public/register.json").json()
    assert told["count"] == 3
    assert {row["address"].split("/")[-2]: row["standing"] for row in told["publications"]} == {
        standing.slug: "replaced",
        gone.slug: "withdrawn",
        newer.slug: "standing",
    }
    page = reader.get("/public/register/").content.decode()
    assert all(it.digest in page for it in (standing, gone, newer))


def test_feed_and_sitemap_name_whole_addresses(reader: Client, settings: object) -> None:
    it = make_publication()
    make_publication(withdrawn_at=timezone.now())
    settings.ZHENGGAI_URL = "https://zg.example.cn"
    feed = etree.fromstring(reader.get("/public/feed.xml").content)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.xpath("//a:entry/a:id/text()", namespaces=atom) == [f"https://zg.example.cn/public/{it.slug}/"]
    assert feed.xpath("//a:entry/a:title/text()", namespaces=atom) == [it.title]
    places = etree.fromstring(reader.get("/public/sitemap.xml").content).xpath("//*[local-name()='loc']/text()")
    assert f"https://zg.example.cn/public/{it.slug}/" in places
    assert len(places) == 4
    assert "Disallow: /" in reader.get("/robots.txt").content.decode()


def test_the_way_of_showing_goes_with_every_link_and_nothing_else_does(reader: Client) -> None:
    it = make_publication()
    page = Page(reader.get(f"/public/{it.slug}/?size=large&contrast=high&evil=<x>"))
    assert page.css("html")[0].attributes["class"] == "size-large contrast-high"
    links = [link for link in page.links() if link.startswith("/public/")]
    pages = [link for link in links if link.split("?")[0].endswith("/")]
    assert all("size=" in link or "contrast=" in link for link in pages)
    assert not any("evil" in link for link in links)
    assert "class" not in Page(reader.get("/public/?size=huge")).css("html")[0].attributes


def test_nothing_published_is_said_in_words(reader: Client) -> None:
    for path in ("/public/", "/public/register/"):
        assert "还没有发布通报" in reader.get(path).content.decode()
    assert json.loads(reader.get("/public/register.json").content)["publications"] == []
