"""Answers of the public that are valid by default, made through the room's own acts."""

from __future__ import annotations

import io
from itertools import count
from typing import Any

from tests.factories.notices import make_publication
from zhenggai.answers.actions import make_petition, submit_answer
from zhenggai.answers.forms import Form, give_out
from zhenggai.answers.models import Answer
from zhenggai.answers.sealing import Contact
from zhenggai.answers.values import Said, Sent
from zhenggai.notices.models import Publication
from zhenggai.people.access import OPERATOR

_numbers = count(1)
WORDS = ("窗口接待等候过久", "停车场夜间没有照明", "预约电话无人接听", "公示栏的内容没有更新", "办事指南缺少表格样本")


def make_form(publication: Publication) -> Form:
    """Return a form that was given out long enough ago."""
    fresh = give_out(publication.slug, ask=False)
    return Form(fresh.number, fresh.slug, fresh.given_at - 60, None)


def make_sent(content: bytes = b"%PDF-1.7 evidence", name: str = "照片.pdf") -> Sent:
    """Return a file as the public sends it."""
    return Sent(io.BytesIO(content), name, len(content))


def say(body: str = "", **values: Any) -> Said:
    """Return something said; without words each one differs."""
    number = next(_numbers)
    contact = values.pop("contact", Contact("王某", "0000-12345678", "wang@example.cn"))
    return Said(
        values.pop("kind", "opinion"),
        body or f"{WORDS[number % 5]}，编号{number * 7919}的事情。",
        contact=contact,
        **values,
    )


def make_answer(
    publication: Publication | None = None,
    body: str = "",
    *,
    form: Form | None = None,
    taken_in: bool = True,
    **values: Any,
) -> Answer:
    """Return a new answer, made into a petition unless told otherwise."""
    publication = publication or make_publication()
    origin = values.pop("origin", "mark")
    answer = submit_answer(publication, say(body, **values), form=form or make_form(publication), origin=origin)
    if taken_in:
        make_petition(answer.pk, actor=OPERATOR)
        answer.refresh_from_db()
    return answer
