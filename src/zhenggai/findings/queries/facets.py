"""The filters of the ledger with their counts, each counted under all the other filters; one or two small queries per filter."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.ledger_query import DUE_CHOICES, LedgerQuery
from zhenggai.findings.models import Aspect, Finding, InspectionRound, Status
from zhenggai.findings.queries.access import visible_rounds
from zhenggai.findings.queries.ledger import due_condition, matching_findings
from zhenggai.findings.shapes import AssignmentChoices, Choice, Facet, FacetOption
from zhenggai.people.access import Actor, current_posts, reach
from zhenggai.people.models import Unit, User

FACET_LABELS: dict[str, str | Promise] = {
    "status": _("状态"),
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


def facets(actor: Actor, query: LedgerQuery, names: Iterable[str] = FACET_NAMES) -> tuple[Facet, ...]:
    """Return the named filters with their options and counts."""
    return tuple(Facet(name, str(FACET_LABELS[name]), tuple(_options(actor, query, name))) for name in names)


def _options(actor: Actor, query: LedgerQuery, name: str) -> Iterable[FacetOption]:
    found = matching_findings(actor, query, leave_out=name)
    if name == "due":
        today = timezone.localdate()
        wanted = [code for code in DUE_CHOICES if code != "range"]
        counts = found.aggregate(
            **{code: Count("pk", filter=due_condition(LedgerQuery(due=code), today)) for code in wanted}
        )
        for code in wanted:
            if counts[code] or query.due == code:
                yield FacetOption(code, str(DUE_CHOICES[code]), counts[code], query.due == code)
        return
    column = name if name in {"status", "kind"} else f"{name}_id"
    tally = dict(found.values_list(column).annotate(Count("pk")))
    chosen = set(getattr(query, name))
    if name in {"status", "kind"}:
        enum = Status if name == "status" else Finding.Kind
        for code, label in enum.choices:
            if tally.get(code) or code in chosen:
                yield FacetOption(code, str(label), tally.get(code, 0), code in chosen)
        return
    keys = {key for key in tally if key} | {key for key in chosen if key}
    for key, label in _named(name, keys):
        yield FacetOption(str(key), label, tally.get(key, 0), key in chosen)
    if tally.get(None) or 0 in chosen:
        yield FacetOption("0", _now("未指定"), tally.get(None, 0), 0 in chosen)


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
    """Return who and what a finding can be given to: people with a current post and open units, in the bodies the actor may assign in.

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
    posts = current_posts().filter(unit__in=[unit.pk for unit in units]).order_by("unit__path", "pk")
    leaders: dict[int, str] = {}
    others: dict[int, str] = {}
    for key, name, title, role, unit_name in posts.values_list("user_id", "user__name", "title", "role", "unit__short_name"):
        words = f"{name}({title or unit_name})" if title or unit_name else name
        (leaders if role in _LEADING_ROLES else others).setdefault(key, words)
    people = leaders | {key: words for key, words in others.items() if key not in leaders}
    return AssignmentChoices(
        leaders=tuple(Choice(str(key), words) for key, words in people.items()),
        owners=tuple(Choice(str(key), words) for key, words in ({**others, **people}).items()),
        departments=tuple(
            Choice(str(unit.pk), str(unit)) for unit in shown if unit.kind != Unit.Kind.ORGANISATION
        ),
        statuses=tuple(Choice(str(code), str(label)) for code, label in Status.choices),
    )

