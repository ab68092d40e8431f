"""Every shipped rule and indicator runs over an empty ledger, and says nothing of it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.people import make_unit
from zhenggai.ledgers.queries import current
from zhenggai.people.access import OPERATOR
from zhenggai.watch.explaining import explain_effective
from zhenggai.watch.indicators import Shown, read_all
from zhenggai.watch.models import Alert, RuleRun
from zhenggai.watch.periods import parse_period
from zhenggai.watch.running import run_ledger
from zhenggai.watch.settings import effective_rules

pytestmark = pytest.mark.django_db


def test_every_shipped_rule_runs_over_no_row_and_tells_itself_in_words() -> None:
    body = make_unit()
    wrong = {}
    for code, ledger in current().ledgers.items():
        done = run_ledger(ledger, body, actor=OPERATOR, cause=RuleRun.Cause.DAILY)
        wrong |= {f"{code}.{v.rule}": v.error for v in done.judgement.verdicts if v.error}
        for each in effective_rules(ledger, body):
            told = explain_effective(ledger, each)
            if told.error or not told.asks:
                wrong[f"{code}.{each.rule.rule} in words"] = told.error
    assert wrong == {} and not Alert.objects.exists()


def test_every_shipped_indicator_is_read_of_a_year() -> None:
    body = make_unit()
    year = parse_period(str(timezone.localdate().year))
    for ledger in current().ledgers.values():
        for indicator, shown in zip(ledger.indicators, read_all(ledger, body, period=year), strict=True):
            assert isinstance(shown, Shown), shown
            if indicator.denominator is not None:
                assert shown.figure.value is None and shown.figure.shown == "—"
