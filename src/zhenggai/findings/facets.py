"""The filters of the ledger with their counts, each counted under all the other filters.

One query reads what all of them count; each then looks up its names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.access import visible_findings, visible_rounds
from zhenggai.findings.lateness import line_on
from zhenggai.findings.ledger import due_condition, matching_findings, plain_rows
from zhenggai.findings.ledger_query import DUE_CHOICES, LedgerQuery
from zhenggai.findings.models import Aspect, Finding, InspectionRound, Status
from zhenggai.findings.shapes import AssignmentChoices, Choice, Facet, FacetOption
from zhenggai.findings.standing import Standing, standing_case
from zhenggai.people.access import Actor, access_of, current_posts, reach
from zhenggai.people.models import Unit, User

FACET_LABELS: dict[str, str | Promise] = {
    "status": _("状态"),
    "standing": _("办理环节"),
    "aspect": _("方面"),
    "department": _("责任部门"),
    "leader": _("责任领导"),
    "owner": _("责任人"),
    "due": _("整改时限"),
    "unit": _("单位"),
    "kind": _("类别"),
}
FACET_NAMES = tuple(FACET_LABELS)
_LEADING_ROLES = ("first_responsible_person", "executive_deputy", "leader_in_charge", "grassroots_chief")
_OFFICER_ROLES = ("system_admin", "security_admin", "auditor")
"""They keep the platform; findings are never given to them as such."""


_DUE_BUCKETS = ("", "overdue", "week", "month", "at_once", "lasting", "none")
_DUE_MEMBERS: dict[str, tuple[int, ...]] = {
    "overdue": (1,),
    "week": (2,),
    "month": (2, 3),
    "at_once": (4,),
    "lasting": (5,),
    "none": (6,),
}
_DUE_COLUMN = FACET_NAMES.index("due")
_CODED: dict[str, type[models.TextChoices]] = {"status": Status, "standing": Standing, "kind": Finding.Kind}
"""Filters whose values are codes with words of their own."""


def facets(actor: Actor, query: LedgerQuery, names: Iterable[str] = FACET_NAMES) -> tuple[Facet, ...]:
    """Return the named filters with their options, each counted under all the other filters.

    The rows that the text and the round leave are read once, narrow, and tallied here: eight GROUP BY queries cost
    twice as much.
    """
    tallies = _tally_all(actor, query)
    return tuple(
        Facet(name, str(FACET_LABELS[name]), tuple(_options(actor, query, name, tallies[FACET_NAMES.index(name)])))
        for name in names
    )


def _tally_all(actor: Actor, query: LedgerQuery) -> list[Counter[Any]]:
    plain = LedgerQuery(round=query.round, text=query.text, withdrawn=query.withdrawn)
    line = line_on()
    conditions = [When(due_condition(LedgerQuery(due=code), line), then=Value(number)) for number, code in
                  enumerate(_DUE_BUCKETS) if code]  # fmt: skip
    bucket = Case(*conditions, default=Value(0), output_field=IntegerField())
    if query.due == "range":
        inside = Case(When(due_condition(query, line), then=Value(1)), default=Value(0), output_field=IntegerField())
    else:
        inside = Case(default=Value(1), output_field=IntegerField())
    columns = [name if name in _CODED else f"{name}_id" for name in FACET_NAMES]
    columns[_DUE_COLUMN] = "bucket"
    found = matching_findings(actor, plain).annotate(bucket=bucket, inside=inside, standing=standing_case(line))
    names = [*columns, "inside"] if query.due == "range" else columns
    rows = plain_rows(found.values_list(*names))
    wanted = _wanted(query)
    if not wanted and query.due != "range":
        return [Counter(column) for column in zip(*rows, strict=True)] or [Counter() for _name in FACET_NAMES]
    tallies: list[Counter[Any]] = [Counter() for _name in FACET_NAMES]
    for row in rows:
        failed = [number for number, allowed in wanted if row[number] not in allowed]
        if query.due == "range" and not row[-1]:
            failed.append(_DUE_COLUMN)
        if not failed:
            for tally, value in zip(tallies, row, strict=False):
                tally[value] += 1
        elif len(failed) == 1:
            tallies[failed[0]][row[failed[0]]] += 1
    return tallies


def _wanted(query: LedgerQuery) -> list[tuple[int, frozenset[Any]]]:
    """Return, for each filter that is set, its column and the values that pass."""
    found: list[tuple[int, frozenset[Any]]] = []
    for number, name in enumerate(FACET_NAMES):
        chosen = getattr(query, name)
        if name == "due":
            if chosen in _DUE_MEMBERS:
                found.append((number, frozenset(_DUE_MEMBERS[chosen])))
        elif chosen:
            found.append((number, frozenset(None if value == 0 else value for value in chosen)))
    return found


def _options(actor: Actor, query: LedgerQuery, name: str, tally: Counter[Any]) -> Iterable[FacetOption]:
    if name == "due":
        for code, members in _DUE_MEMBERS.items():
            count = sum(tally[member] for member in members)
            if count or query.due == code:
                yield FacetOption(code, str(DUE_CHOICES[code]), count, query.due == code)
        return
    chosen = set(getattr(query, name))
    if name in _CODED:
        for code, label in _CODED[name].choices:
            if tally[code] or code in chosen:
                yield FacetOption(code, str(label), tally[code], code in chosen)
        return
    keys = {key for key in tally if key}
    unmet = {key for key in chosen - keys if key}
    if unmet:  # an address may name anything; what no finding in sight bears stays without a name
        seen = visible_findings(actor, withdrawn=None).filter(**{f"{name}_id__in": unmet}).order_by()
        keys |= set(seen.values_list(f"{name}_id", flat=True))
    for key, label in _named(name, keys):
        yield FacetOption(str(key), label, tally[key], key in chosen)
    if tally[None] or 0 in chosen:
        yield FacetOption("0", _now("未指定"), tally[None], 0 in chosen)


def _named(name: str, keys: set[int]) -> Iterable[tuple[int, str]]:
    if name in {"leader", "owner"}:
        yield from User.objects.filter(pk__in=keys).order_by("name", "pk").values_list("pk", "name")
    elif name == "aspect":
        aspects = Aspect.objects.filter(pk__in=keys).order_by("-round_id", "order")
        for key, no, title in aspects.values_list("pk", "no", "title"):
            yield key, f"{no}、{title}" if no else title
    else:
        units = Unit.objects.filter(pk__in=keys).order_by("order", "pk")
        for key, short, full in units.values_list("pk", "short_name", "name"):
            yield key, short or full


def assignment_choices(actor: Actor, round: InspectionRound | None = None) -> AssignmentChoices:
    """Return who and what a finding can be given to.

    People with a current post and open units, in the bodies the actor may assign in; the actor's own body first. Leaders
    are those who lead by their post, or everybody where nobody does.

    Args:
        actor: who assigns.
        round: narrows to the tree of the round's unit.
    """
    reached = reach(actor, "findings.assign")
    if round is None and not reached.everything:
        rounds = visible_rounds(actor, "findings.assign").order_by().values_list("unit__path", flat=True).distinct()
        roots = {path.split(".", 1)[0] + "." for path in rounds}
    else:
        roots = {round.unit.path.split(".", 1)[0] + "."} if round is not None else {""}
    inside = Q(pk__in=())
    for root in roots:
        inside |= Q(path__startswith=root)
    units = Unit.objects.filter(inside, closed_on__isnull=True).order_by("path")
    shown = [unit for unit in units if unit.kind != Unit.Kind.EXTERNAL]
    posts = current_posts().filter(unit__in=[unit.pk for unit in units]).exclude(role__in=_OFFICER_ROLES)
    posts = posts.order_by("unit__path", "pk")
    held = access_of(actor).posts if isinstance(actor, User) else ()
    own = held[0].body_path if held else ""
    leaders: dict[int, str] = {}
    others: dict[int, str] = {}
    rows = posts.values_list("user_id", "user__name", "title", "role", "unit__short_name", "unit__name", "unit__path")
    for key, name, title, role, short, unit_name, _path in sorted(rows, key=lambda row: not row[-1].startswith(own)):
        words = f"{name}（{title or short or unit_name}）"
        (leaders if role in _LEADING_ROLES else others).setdefault(key, words)
    shown.sort(key=lambda unit: not unit.path.startswith(own))
    return AssignmentChoices(
        leaders=tuple(Choice(str(key), words) for key, words in (leaders or others).items()),
        owners=tuple(Choice(str(key), words) for key, words in (others | leaders).items()),
        departments=tuple(Choice(str(unit.pk), str(unit)) for unit in shown if unit.kind != Unit.Kind.ORGANISATION),
        statuses=tuple(Choice(str(code), str(label)) for code, label in Status.choices),
    )
