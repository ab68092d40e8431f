"""The notice of the demo's round: written from the record, its figures bound to rows, approved and published; and a new draft.

The published one is written while the round stands at 24 problems completed and 16 phased, before the loop takes it on;
the draft tells of the round as it stands today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhenggai.demo.ledgers.figures import FIGURES, Figure
from zhenggai.demo.ledgers.people import NOTICE_ON
from zhenggai.figures import Quantity, read_quantities
from zhenggai.findings.models import InspectionRound
from zhenggai.ledgers.access import visible_ledgers
from zhenggai.ledgers.declared import current
from zhenggai.notices import actions
from zhenggai.notices.blocks import Block
from zhenggai.notices.gate import examine
from zhenggai.notices.models import Notice
from zhenggai.notices.queries import body_of, settings_of
from zhenggai.notices.sources import Place
from zhenggai.packs.declarations import FieldType
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit, User
from zhenggai.watch.between import Question
from zhenggai.watch.indicators import find_indicator

CONTACT = {
    "phone": "0000-8800000",
    "address": "示例市示范路39号",
    "postcode": "000000",
    "email": "demo@example.invalid",
    "answer_days": "180",
}
MENDED = (("同比上升120个百分点", "同比上升120%"), ("意见152余条", "意见152条"))
"""What the paper states wrongly, and what the office makes of it when the checker says so."""
REASON = "已核实：反馈后又有2个基层院因交流出现空缺，配备的7个包含在内，数字无误。"
OPINION = "同意公开。请按时收集群众意见。"


@dataclass(slots=True)
class _Free:
    """The quantities of the blocks about one finding, in order, and which are taken."""

    places: list[tuple[Block, Quantity]]
    taken: set[int]
    last: int = -1

    def take(self, figure: Figure) -> Place | None:
        """Return the next place that states *figure*."""
        stated = abs(Decimal(figure.stated))
        fits = [
            number
            for number, (_block, quantity) in enumerate(self.places)
            if number not in self.taken and quantity.value == stated
        ]
        unit = find_indicator(f"{figure.ledger}.{figure.indicator}")[1].unit
        fits = [number for number in fits if self.places[number][1].unit == unit] or fits
        chosen = next((number for number in fits if number > self.last), fits[0] if fits else None)
        if chosen is None:
            return None
        self.taken.add(chosen)
        self.last = chosen
        block, quantity = self.places[chosen]
        return Place(block.id, *quantity.span, quantity.text)


def publish_notice(body: Unit, say: Callable[[str], None]) -> None:
    """Write, bind, mend, approve and publish the notice of the demo's round, once."""
    round_ = InspectionRound.objects.filter(unit=body).order_by("-feedback_on").first()
    if round_ is None or Notice.objects.filter(round=round_).exists():
        return
    office, chief = User.objects.get(username="office"), User.objects.get(username="chief")
    actions.save_settings(body, CONTACT, actor=office, version=settings_of(body).version if settings_of(body).pk else 0)
    notice = actions.start_notice(round_, actor=office, as_of=NOTICE_ON)
    wanted = list(_questions(notice, body))
    seen = {ledger.ledger for ledger in visible_ledgers(office)}
    bound = actions.bind_indicators(notice, [each for each in wanted if each[1].ledger in seen], actor=office)
    # Ledgers closed to all but named people: the office may state what they give, and not look into them.
    closed = [each for each in wanted if each[1].ledger not in seen]
    bound += actions.bind_indicators(notice, closed, actor=OPERATOR)
    typed = [actions.Typed(block.id, block.kind, _mended(block.text)) for block in body_of(notice).blocks]
    saved = actions.save_notice(notice, typed, actor=office, version=1)
    actions.renew_figures(notice, actor=office, version=saved.no)
    notice = actions.submit_notice(notice, actor=office)
    issues = [issue.key for issue in examine(notice, approval=False).open if issue.may_pass]
    if issues:
        actions.override_issues(notice, issues, actor=chief, reason=REASON)
    notice = actions.approve_notice(notice, actor=chief, opinion=OPINION)
    published = actions.publish_notice(notice, actor=office)
    figures = published.figures.count()
    say(f"通报：已发布 {published.slug}，{figures} 个数字有据可查，其中 {len(bound)} 个由业务台账得出。")


def draft_notice(body: Unit, say: Callable[[str], None]) -> None:
    """Begin a notice of the demo's round as it stands today, once."""
    round_ = InspectionRound.objects.filter(unit=body).order_by("-feedback_on").first()
    if round_ is None or Notice.objects.filter(round=round_).count() != 1:
        return
    draft = actions.start_notice(round_, actor=User.objects.get(username="office"))
    say(f"通报：另有一份在编写，{len(body_of(draft).anchors)} 个数字已绑定。")


def _questions(notice: Notice, body: Unit) -> Iterator[tuple[Place, Question]]:
    """Yield each figure that the text states and an indicator gives, with its place."""
    units = dict(Unit.objects.values_list("name", "pk"))
    free = _free(notice)
    for figure in FIGURES:
        place = free[figure.finding].take(figure) if figure.finding in free else None
        if place is None:
            continue
        ledger = current().ledgers[figure.ledger]
        where: dict[str, str | bool] = {}
        for code, value in figure.where.items():
            field = ledger.field(code)
            named = field is not None and field.type == FieldType.UNIT and isinstance(value, str)
            where[code] = str(units[str(value)]) if named else value
        yield (
            place,
            Question(
                figure.ledger, figure.indicator, body.pk, figure.period, figure.as_of, None, where, figure.against
            ),
        )


def _free(notice: Notice) -> dict[str, _Free]:
    numbers = dict(notice.round.findings.values_list("pk", "no"))
    measures = dict(notice.round.findings.values_list("measures", "no"))
    found: defaultdict[str, list[tuple[Block, Quantity]]] = defaultdict(list)
    for block in body_of(notice).blocks:
        kind, _colon, key = block.about.partition(":")
        no = {"finding": numbers, "measure": measures}.get(kind, {}).get(int(key) if key.isdecimal() else 0)
        for quantity in read_quantities(block.text) if no else ():
            found[no or ""].append((block, quantity))
    return {no: _Free(places, set()) for no, places in found.items()}


def _mended(text: str) -> str:
    for wrong, right in MENDED:
        text = text.replace(wrong, right)
    return text
