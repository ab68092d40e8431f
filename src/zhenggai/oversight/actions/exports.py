"""Handing out lists as files, told to the trail."""

from __future__ import annotations

from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.oversight import codes
from zhenggai.oversight.documents import population_csv, population_workbook, register_workbook
from zhenggai.oversight.models import Draw
from zhenggai.oversight.queries.checks import access_draw
from zhenggai.oversight.queries.letters import LetterQuery, find_letters
from zhenggai.people.access import Actor


def export_register(query: LetterQuery, *, actor: Actor) -> bytes:
    """Return the register of letters that match as a workbook."""
    found = find_letters(actor, query, everything=True)
    label = _now("督办函件收发登记")
    record(
        actor=actor,
        code=codes.REGISTER_EXPORTED,
        object_type="register",
        object_label=label,
        data={"letters": found.total},
    )
    return register_workbook(found.rows)


def export_population(drawn: Draw, *, actor: Actor, as_csv: bool = False) -> bytes:
    """Return the frozen population of a draw, with what anybody needs to draw it again.

    Raises:
        NotFound: the draw is out of reach.
    """
    found = access_draw(actor, drawn.pk)
    data = {"population": len(found.population), "format": "csv" if as_csv else "xlsx"}
    record(
        actor=actor,
        code=codes.POPULATION_EXPORTED,
        object_type="draw",
        object_id=found.pk,
        object_label=found.round.name,
        data=data,
    )
    return population_csv(found) if as_csv else population_workbook(found)
