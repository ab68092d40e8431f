"""Who is reminded of a finding, looked up once for many: heads of departments, leaders in charge, the office.

Departments and units come in, ids of people go out.  A :class:`Recipients` reads the current posts once.
"""

from __future__ import annotations

from collections import defaultdict

from zhenggai.findings.models import Finding
from zhenggai.people.access import current_posts
from zhenggai.people.models import Unit

_ROLES = (
    "department_head", "leader_in_charge", "rectification_office", "grassroots_liaison", "grassroots_chief",
)  # fmt: skip


class Recipients:
    """The people to whom reminders go, by what they answer for."""

    def __init__(self) -> None:
        """Read the posts; two queries."""
        self._heads: dict[int, set[int]] = defaultdict(set)
        self._leaders: dict[int, set[int]] = defaultdict(set)
        self._areas: list[tuple[str, int]] = []
        self._liaisons: dict[int, set[int]] = defaultdict(set)
        self._office: list[tuple[str, int]] = []
        posts = current_posts().filter(role__in=_ROLES).select_related("unit").prefetch_related("charges")
        for post in posts.order_by("pk"):
            if post.role == "department_head":
                self._heads[post.unit_id].add(post.user_id)
            elif post.role == "rectification_office":
                self._office.append((_body_path(post.unit), post.user_id))
            elif post.role == "leader_in_charge":
                for unit in post.charges.all():
                    if unit.kind == Unit.Kind.DEPARTMENT:
                        self._leaders[unit.pk].add(post.user_id)
                    else:
                        self._areas.append((unit.path, post.user_id))
            else:
                self._liaisons[post.unit_id].add(post.user_id)

    def doing(self, finding: Finding, department_id: int | None = None, owner_id: int | None = None) -> set[int]:
        """Return who does the work: the owner and the heads of the department, or else the unit, or else the office.

        Args:
            finding: with its unit at hand.
            department_id: the department of one of its measures, instead of its own.
            owner_id: the owner of that measure, instead of its own.
        """
        owner = owner_id or finding.owner_id
        found = {owner} if owner is not None else set()
        found |= self._heads.get(department_id or finding.department_id or 0, set())
        return found or self._liaisons.get(finding.unit_id, set()) or self.office(finding.unit)

    def leading(self, finding: Finding) -> set[int]:
        """Return who leads it: the leader named, or those in charge of its department or unit."""
        if finding.leader_id is not None:
            return {finding.leader_id}
        in_charge = self._leaders.get(finding.department_id or 0, set())
        return in_charge or {user for path, user in self._areas if finding.unit.path.startswith(path)}

    def office(self, unit: Unit) -> set[int]:
        """Return the people of the rectification office nearest to *unit*: of its own body, or of one above."""
        near = max((len(path) for path, _user in self._office if unit.path.startswith(path)), default=0)
        return {user for path, user in self._office if unit.path.startswith(path) and len(path) == near}


def _body_path(unit: Unit) -> str:
    """Return the path of the unit, or of what stands right above a department."""
    if unit.kind != Unit.Kind.DEPARTMENT:
        return unit.path
    return unit.path[: unit.path.rstrip(".").rfind(".") + 1] or unit.path
