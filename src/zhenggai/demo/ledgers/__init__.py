"""The rows of the invented organisation's ledgers: a year as its public notice tells it, and what runs today.

Seeded and plain: a ledger's code and today's date in, rows with the codes of the declared fields out.  What lies before
the notice does not depend on today.  :mod:`zhenggai.demo.ledgers.figures` names what the notice states of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from zhenggai.demo.ledgers import complaints, integrity, office, quality, supervision, terms
from zhenggai.demo.ledgers.people import Row
from zhenggai.packs.declarations import Ledger

ROWS: Mapping[str, Callable[[date], list[Row]]] = {
    make.__name__: make
    for make in (
        office.meetings,
        office.documents,
        office.fixed_assets,
        terms.prosecution_cases,
        terms.complaint_reviews,
        terms.linked_cases,
        terms.suspensions,
        terms.case_extensions,
        quality.closed_cases,
        quality.reviewer_pool,
        quality.quality_reviews,
        quality.quality_opinions,
        quality.quality_checks,
        quality.process_issues,
        quality.accountability,
        supervision.protests,
        supervision.divergences,
        supervision.suggestions,
        supervision.agency_opinions,
        supervision.reverse_links,
        supervision.public_interest,
        complaints.petitions,
        complaints.judicial_aid,
        complaints.hearings,
        complaints.case_property,
        integrity.three_rules_records,
        integrity.monthly_reports,
        integrity.integrity_clues,
        integrity.lawyer_agency,
        integrity.lawyer_relatives,
        integrity.leavers,
    )
}
"""Code of each ledger → what makes its rows; ledgers that others refer to come first."""


def rows_of(ledger: Ledger, today: date) -> list[Row]:
    """Return the rows of *ledger*, with what the declaration says of fields that they leave out."""
    defaults = {field.code: field.default for field in ledger.fields if field.default is not None}
    return [defaults | row for row in ROWS[ledger.ledger](today)]
