"""What a figure of a draft may rest on, the likeliest first: counts that give its value, indicators of like names, evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhenggai.figures import Quantity, read_quantities
from zhenggai.kit.errors import UserError
from zhenggai.kit.text import bigrams
from zhenggai.ledgers.access import visible_ledgers
from zhenggai.notices.blocks import Block
from zhenggai.notices.composing import shown
from zhenggai.notices.counts import COUNTS, RecordCounts
from zhenggai.notices.figures_of import agrees
from zhenggai.notices.models import Notice
from zhenggai.notices.sources import Place
from zhenggai.packs.declarations import Indicator, Ledger
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit
from zhenggai.watch.between import Answer, Days, Question, ask
from zhenggai.watch.queries import seen_bodies
from zhenggai.workflow.models import Evidence
from zhenggai.workflow.queries import visible_evidence

_ASKED = 16
_MOST_EVIDENCE = 40


@dataclass(frozen=True, slots=True)
class CountChoice:
    """A count that may be chosen."""

    code: str
    """Its code."""
    label: str
    """What people call it."""
    given: str
    """What it gives, with its measure word."""
    fits: bool
    """Whether that is what the figure states."""


@dataclass(frozen=True, slots=True)
class IndicatorChoice:
    """An indicator that may be chosen."""

    ledger: Ledger
    """Its ledger."""
    indicator: Indicator
    """The indicator."""
    given: str
    """What it gives for the days asked, with its measure word; a dash when it gives nothing."""
    fits: bool
    """Whether that is what the figure states."""


def quantity_at(block: Block, place: Place) -> Quantity | None:
    """Return the quantity that stands at a place of a block."""
    read = read_quantities(block.text)
    return next((each for each in read if each.span[0] < place.end and place.start < each.span[1]), None)


def count_choices(notice: Notice, quantity: Quantity | None, aspect: int | None = None) -> list[CountChoice]:
    """Return all counts with what they give, those that give the figure's value first."""
    record = RecordCounts(notice.round, notice.as_of)
    found = []
    for code, count in COUNTS.items():
        if aspect is not None and not count.by_aspect:
            continue
        counted = record.count(code, {"aspect": aspect} if aspect is not None else {})
        given = "—" if counted.value is None else f"{shown(_rounded(counted.value))}{counted.unit}"
        fits = quantity is not None and counted.value is not None and _fits(quantity, counted.value, counted.unit)
        found.append(CountChoice(code, str(count.label), given, fits))
    near = set(bigrams(quantity.subject)) if quantity is not None else set()
    return sorted(found, key=lambda each: (not each.fits, -len(near & set(bigrams(each.label)))))


def indicator_choices(
    actor: Actor, block: Block, quantity: Quantity | None, *, days: Days | None, day: date, ledger: str = ""
) -> list[IndicatorChoice]:
    """Return indicators with what they give: those of a ledger, or those whose names are like the text of the block."""
    ledgers = [each for each in visible_ledgers(actor) if each.indicators and ledger in ("", each.ledger)]
    near = set(bigrams(block.text))
    ranked = sorted(
        (
            (-len(near & set(bigrams(f"{each.label}{indicator.label}"))), place, each, indicator)
            for each in ledgers
            for place, indicator in enumerate(each.indicators)
        ),
        key=lambda row: (row[0], row[2].ledger, row[1]),
    )
    chosen = [(each, indicator) for likeness, _place, each, indicator in ranked if ledger or likeness < 0]
    bodies: dict[str, Unit | None] = {}
    questions: dict[tuple[str, str], Question] = {}
    for each, indicator in chosen[: None if ledger else _ASKED]:
        if each.ledger not in bodies:
            bodies[each.ledger] = next(iter(seen_bodies(actor, each)), None)
        body = bodies[each.ledger]
        if body is not None:
            dated = days if indicator.date or each.date else None
            questions[each.ledger, indicator.indicator] = Question(
                each.ledger, indicator.indicator, body.pk, dated, day
            )
    answers = _asked(questions.values())
    found = []
    for each, indicator in chosen:
        question = questions.get((each.ledger, indicator.indicator))
        if question is None:
            continue
        answer = answers.get(question, Answer(None, "", 0))
        given = "—" if answer.value is None else f"{shown(_rounded(answer.value, indicator.decimals))}{answer.unit}"
        fits = quantity is not None and answer.value is not None and _fits(quantity, answer.value, answer.unit)
        found.append(IndicatorChoice(each, indicator, given, fits))
    return sorted(found, key=lambda each: not each.fits)


def evidence_choices(actor: Actor, block: Block) -> list[Evidence]:
    """Return the evidence of the finding or measure that a block tells of."""
    kind, _colon, _key = block.about.partition(":")
    if kind not in ("finding", "measure"):
        return []
    found = visible_evidence(actor).filter(
        **{f"links__{kind}": block.about_id}, links__withdrawn_at=None, withdrawn_at=None
    )
    return list(found.distinct().order_by("pk")[:_MOST_EVIDENCE])


def _asked(questions: Iterable[Question]) -> dict[Question, Answer]:
    try:
        return ask(questions)
    except UserError:
        return {}


def _fits(quantity: Quantity, value: Decimal, unit: str) -> bool:
    return (quantity.unit == "%") == (unit == "%") and agrees(quantity, value, unit)


def _rounded(value: Decimal, decimals: int = 2) -> Decimal:
    return round(value, decimals)
