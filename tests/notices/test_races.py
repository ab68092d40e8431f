"""Two people at the same moment on one notice: exactly one wins, and the other is told who did what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories.notice_rounds import Reported
from tests.factories.people import make_user
from tests.threads import at_once
from zhenggai.kit.errors import ZhenggaiError
from zhenggai.notices import actions
from zhenggai.notices.blocks import BlockKind
from zhenggai.notices.models import Notice, NoticeVersion, Publication
from zhenggai.notices.queries import body_of
from zhenggai.people.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("locking_database")]


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def race(*acts: Callable[[], Any]) -> ZhenggaiError:
    """Run two acts at once and return how the loser was refused."""
    answers = at_once(*acts)
    lost = [answer for answer in answers if isinstance(answer, ZhenggaiError)]
    assert len(lost) == 1 and None not in answers, answers
    return lost[0]


def test_of_two_drafts_two_saves_two_approvals_and_two_publications_one_each_takes_place() -> None:
    body = Reported(completed=1, phased=0, measures=1)
    second = make_user("first_responsible_person", body.unit, name="副检察长")
    office, clerk = fresh(body.office), fresh(body.clerk)
    lost = race(
        lambda: actions.start_notice(body.reported, actor=office),
        lambda: actions.start_notice(body.reported, actor=clerk),
    )
    assert lost.code == "notices.NoticeOpen" and Notice.objects.count() == 1
    notice = Notice.objects.get()

    def typed(words: str) -> list[actions.Typed]:
        return [
            actions.Typed(each.id, each.kind, words if each.kind is BlockKind.PREAMBLE else each.text)
            for each in body_of(notice).blocks
        ]

    first, other = typed("甲的导语。"), typed("乙的导语。")
    lost = race(
        lambda: actions.save_notice(notice, first, actor=office, version=1),
        lambda: actions.save_notice(notice, other, actor=clerk, version=1),
    )
    assert lost.code == "notices.ChangedMeanwhile" and NoticeVersion.objects.count() == 2
    assert lost.slots["who"] in (office.name, clerk.name)
    actions.submit_notice(Notice.objects.get(), actor=office)
    chief, deputy = fresh(body.chief), fresh(second)
    lost = race(
        lambda: actions.approve_notice(notice, actor=chief),
        lambda: actions.approve_notice(notice, actor=deputy),
    )
    assert lost.code == "notices.BadMove" and Notice.objects.get().state == "approved"
    lost = race(
        lambda: actions.publish_notice(Notice.objects.get(), actor=office),
        lambda: actions.publish_notice(Notice.objects.get(), actor=clerk),
    )
    assert lost.code == "notices.BadMove" and Publication.objects.count() == 1
