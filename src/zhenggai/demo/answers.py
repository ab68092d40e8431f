"""What an invented public says to the demo's notice, and what the office does about it.

Receipts count back from today, so that the clocks of the list always show one that presses; names and numbers belong to
nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from zhenggai.answers.actions import add_supplement, assign_answer, make_petition, reply, set_aside, submit_answer
from zhenggai.answers.forms import give_out, shown_code
from zhenggai.answers.models import Answer, Word
from zhenggai.answers.sealing import Contact
from zhenggai.answers.values import Said
from zhenggai.notices.models import Publication
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit, User
from zhenggai.referrals.models import Petition

DEPARTMENT = "控告申诉检察部"


@dataclass(frozen=True, slots=True)
class Voice:
    """One answer of the public, and what becomes of it."""

    kind: str
    """One of ``Answer.Kind``."""
    days: int
    """How many days ago it came."""
    body: str
    """What it says."""
    about: str = ""
    """Which problem it is about."""
    contact: Contact = field(default_factory=Contact)
    """How its writer can be reached."""
    words: tuple[tuple[str, str], ...] = ()
    """What is said back, in turn: kind and text."""
    supplement: str = ""
    """What its writer adds."""
    spam: bool = False
    """Whether it is set aside."""


WAITING = "控告申诉接待窗口周五下午常常没有人，老人来回跑了两趟。通报里说已经整改，希望能落实到位。"
VOICES = (
    Voice(
        "question", 5, "司法救助的申请材料清单在哪里可以查到？家里符合条件，不知道要准备哪些证明。",
        contact=Contact("柳女士", "0000-8800123"),
        words=(
            (Word.Kind.TOLD, "来件已收到，转控告申诉检察部办理。"),
            (Word.Kind.ANSWER, "申请材料清单已在本院门户网站“办事指南”栏目公布，也可到控告申诉接待窗口领取，窗口工作人员会协助填写。"),
        ),
    ),
    Voice(
        "report", 4, WAITING, about="群众工作方面",
        words=(
            (Word.Kind.TOLD, "来件已收到，由控告申诉检察部核查。"),
            (Word.Kind.PROGRESS, "已调取近两个月窗口值班记录，正在逐日核对。"),
        ),
        supplement="最近一次是上周五下午三点左右。",
    ),
    Voice("report", 1, WAITING.replace("两趟", "三趟")),
    Voice("opinion", 6, "通报里列了不少数字，建议以后附一张表，说明每一项是哪个部门负责、什么时候完成，方便群众监督。"),
    Voice(
        "opinion", 1, "建议在公示栏旁边放一份大字版的通报，方便上了年纪的人看。",
        contact=Contact("老邻居", "", "neighbour@example.invalid"),
    ),
    Voice("opinion", 2, "代开各类票据，价格优惠，量大从优，欢迎来电咨询。", spam=True),
)  # fmt: skip
SPAM = "内容是商业广告，与通报无关。"


def load_answers(body: Unit, say: Callable[[str], None]) -> None:
    """Let the public answer the demo's notice, and the office deal with some of it, once."""
    publication = Publication.objects.filter(unit=body, withdrawn_at=None).order_by("pk").first()
    if publication is None or Answer.objects.filter(unit=body).exists():
        return
    office = User.objects.get(username="office")
    department = Unit.objects.get(parent=body, name=DEPARTMENT)
    codes = [_voice(voice, publication, office, department) for voice in VOICES]
    say(f"公众意见：{len(VOICES)} 件，1 件已答复，1 件办理中。可用查询码 {shown_code(codes[1])} 查看办理情况。")


def _voice(voice: Voice, publication: Publication, office: User, department: Unit) -> str:
    form = give_out(publication.slug, ask=False)
    said = Said(voice.kind, voice.body, voice.about, voice.contact)
    came = timezone.now() - timedelta(days=voice.days)
    answer = submit_answer(publication, said, form=form, received_at=came)
    make_petition(answer.pk, actor=OPERATOR)
    if voice.spam:
        set_aside(answer, SPAM, actor=office)
    elif voice.words:
        assign_answer(answer, actor=office, department=department, handler=None)
    for kind, text in voice.words:
        reply(answer, kind, text, actor=office, result=Petition.Result.TRUE if kind == Word.Kind.ANSWER else "")
        if kind == Word.Kind.TOLD and voice.supplement:
            add_supplement(answer, voice.supplement)
    return form.code
