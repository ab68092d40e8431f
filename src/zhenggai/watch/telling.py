"""Whom alerts concern, and telling them: the person, the heads of the department, and the further up the more urgent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenggai.ledgers.access import current_readers, is_named
from zhenggai.notifications.actions import Item, notify
from zhenggai.notifications.kinds import Kind
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import OPERATOR, current_posts
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import ROLES, Permission, Scope
from zhenggai.watch.access import closed_readings
from zhenggai.watch.models import Alert, RuleRun, Severity
from zhenggai.watch.reconciling import Reconciled

MOST_ITEMS = 50
_RANKS = {code: rank for rank, code in enumerate(Severity.values)}
_HEADS = ("department_head", "grassroots_chief", "grassroots_liaison")
_OFFICE = ("case_management_clerk", "rectification_office")
_ROLES = (*_HEADS, *_OFFICE, "leader_in_charge")


class Concerned:
    """The people whom alerts concern, looked up once for many."""

    def __init__(self) -> None:
        """Read the posts; two queries."""
        self._heads: dict[int, set[int]] = defaultdict(set)
        self._leaders: list[tuple[str, int]] = []
        self._office: list[tuple[str, int]] = []
        posts = current_posts().filter(role__in=_ROLES).select_related("unit").prefetch_related("charges")
        for post in posts.order_by("pk"):
            if post.role in _HEADS:
                self._heads[post.unit_id].add(post.user_id)
            elif post.role == "leader_in_charge":
                self._leaders += [(unit.path, post.user_id) for unit in post.charges.all()]
            else:
                self._office.append((_body_path(post.unit), post.user_id))

    def with_alert(self, alert: Alert, unit: Unit) -> set[int]:
        """Return the ids of those an alert concerns.

        The person it is for, or else the heads of its department or unit, or else those who keep the body's alerts; an
        orange one also reaches the heads, a red one also those in charge and the office.

        Args:
            alert: which one.
            unit: the unit or department it is about.
        """
        heads = self._heads.get(unit.pk, set())
        found = {alert.person_id} if alert.person_id is not None else set(heads)
        office = {user for path, user in self._office if unit.path.startswith(path)}
        rank = _RANKS[alert.severity]
        if rank >= _RANKS[Severity.ORANGE]:
            found |= heads
        if rank >= _RANKS[Severity.RED]:
            found |= {user for path, user in self._leaders if unit.path.startswith(path)} | office
        return found or office


def tell_alerts(ledger: Ledger, run: RuleRun, done: Reconciled) -> int:
    """Tell people of the alerts that came, came back or became more urgent: one message each for one run."""
    fresh = [*done.opened, *done.reopened, *done.escalated]
    if not fresh:
        return 0
    mine = gather(ledger, fresh)
    people = {user.pk: user for user in User.objects.filter(pk__in=list(mine), is_active=True)}
    told = 0
    for key, person in sorted(people.items()):
        told += len(
            notify(
                [person], actor=OPERATOR, kind=Kind.ALERT, title=title_of(ledger, mine[key]),
                path=f"/alerts/{mine[key][0].pk}/" if len(mine[key]) == 1 else f"/alerts/?ledger={ledger.ledger}",
                key=f"alerts:{run.pk}:{key}", items=items_of(mine[key]) if len(mine[key]) > 1 else (),
            )
        )  # fmt: skip
    return told


def gather(ledger: Ledger, alerts: Iterable[Alert]) -> dict[int, list[Alert]]:
    """Return id of a person → the alerts of a ledger that concern them, the most urgent first."""
    concerned = Concerned()
    shown = list(alerts)
    units = Unit.objects.in_bulk({alert.unit_id for alert in shown})
    named = _named(ledger.ledger) if is_named(ledger) else None
    readers = {rule: _named(other) for rule, other in closed_readings(ledger).items()}
    found: dict[int, list[Alert]] = defaultdict(list)
    for alert in sorted(shown, key=lambda each: (-_RANKS[each.severity], each.pk or 0)):
        people = concerned.with_alert(alert, units[alert.unit_id])
        few = readers.get(alert.rule, named)
        for person in people if few is None else few:
            found[person].append(alert)
    return found


def items_of(alerts: Iterable[Alert]) -> list[Item]:
    """Return alerts as the items of a digest."""
    return [
        Item(
            f"{alert.get_severity_display()} {alert.title}",
            f"/alerts/{alert.pk}/",
            alert.message[:120],
            alert.severity == Severity.RED,
        )
        for alert in list(alerts)[:MOST_ITEMS]
    ]


def title_of(ledger: Ledger, alerts: list[Alert]) -> str:
    """Return the title of a message about some alerts of a ledger."""
    if len(alerts) == 1:
        return _("%(severity)s预警：%(title)s") % {
            "severity": alerts[0].get_severity_display(),
            "title": alerts[0].title[:120],
        }
    red = sum(alert.severity == Severity.RED for alert in alerts)
    slots = {"ledger": ledger.label, "count": len(alerts), "red": red}
    if red:
        words = ngettext(
            "“%(ledger)s”有 %(count)s 条预警，其中红色 %(red)s 条",
            "“%(ledger)s”有 %(count)s 条预警，其中红色 %(red)s 条",
            len(alerts),
        )
        return words % slots
    return ngettext("“%(ledger)s”有 %(count)s 条预警", "“%(ledger)s”有 %(count)s 条预警", len(alerts)) % slots


def holders(permission: Permission, unit: Unit) -> list[User]:
    """Return the people who hold *permission* for a whole body by a post of their own."""
    roles = [code for code, role in ROLES.items() if role.grants.get(permission) == Scope.UNIT]
    posts = current_posts().filter(role__in=roles, unit__path__startswith=unit.path).select_related("unit")
    keys = {post.user_id for post in posts if _body_path(post.unit) == unit.path}
    return list(User.objects.filter(pk__in=keys, is_active=True).order_by("pk"))


def _named(code: str) -> set[int]:
    """Return who alone may hear of a ledger that is closed to others."""
    return set(current_readers().filter(ledger=code).order_by().values_list("user_id", flat=True))


def _body_path(unit: Unit) -> str:
    if unit.kind != Unit.Kind.DEPARTMENT:
        return unit.path
    return unit.path[: unit.path.rstrip(".").rfind(".") + 1] or unit.path
