"""Freezing a figure: what an indicator said at a moment, kept with its parts."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from zhenggai.audit.actions import record
from zhenggai.findings.fields import clean_text
from zhenggai.ledgers.access import access_ledger
from zhenggai.people.access import Actor
from zhenggai.people.models import User
from zhenggai.watch import codes
from zhenggai.watch.indicators import Shown
from zhenggai.watch.models import IndicatorValue


def freeze_indicator(shown: Shown, *, actor: Actor, note: str = "") -> IndicatorValue:
    """Keep a figure as it was read, with numerator and denominator.

    Raises:
        NotFound: the actor may not know of the ledger.
    """
    access_ledger(actor, shown.ledger.ledger)
    figure = shown.figure
    with transaction.atomic():
        kept = IndicatorValue.objects.create(
            ledger=shown.ledger.ledger,
            indicator=shown.indicator.indicator,
            body=shown.body,
            unit=shown.about,
            period=figure.period_code,
            as_of=shown.as_of,
            numerator=_text(figure.numerator),
            denominator=_text(figure.denominator),
            value=_text(figure.value),
            frozen_by=actor if isinstance(actor, User) else None,
            note=clean_text(note)[:300],
        )
        record(
            actor=actor, code=codes.INDICATOR_FROZEN, object_type="indicator",
            object_id=f"{kept.ledger}.{kept.indicator}", object_label=shown.indicator.label,
            data={"period": kept.period, "value": kept.value, "body": shown.body.name, "as_of": kept.as_of},
        )  # fmt: skip
    return kept


def _text(number: Decimal | None) -> str:
    return "" if number is None else format(number, "f")
