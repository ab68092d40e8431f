"""Builds the invented organisation through the same acts that people use; a second run adds only what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.contrib.auth.hashers import make_password
from django.db import transaction

from zhenggai.demo.organisation import (
    DEPARTMENTS,
    GRASSROOTS,
    INSPECTION_OFFICE,
    ORGANISATION,
    PASSWORD,
    PEOPLE,
    Person,
)
from zhenggai.kit.errors import Conflict
from zhenggai.people import actions
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Post, Unit, User
from zhenggai.people.roles import ROLES

Say = Callable[[str], None]


class NotTheDemo(Conflict):
    """The data folder already holds somebody's real record."""

    code = "demo.NotTheDemo"
    what = "数据目录里已有其他单位的数据，没有载入示例。"
    where = "数据目录 ZHENGGAI_HOME"
    todo = "请为示例另指定一个空的数据目录，例如 ZHENGGAI_HOME=data/demo。"


@transaction.atomic
def load_organisation(say: Say) -> Unit:
    """Create units, people and posts that are not there yet, and return the organisation.

    Raises:
        NotTheDemo: the record belongs to somebody else.
    """
    if User.objects.exists() and not Unit.objects.filter(name=ORGANISATION).exists():
        raise NotTheDemo
    body = _unit(ORGANISATION, Unit.Kind.ORGANISATION, None)
    _unit(INSPECTION_OFFICE, Unit.Kind.EXTERNAL, None)
    for name, aliases in DEPARTMENTS:
        _unit(name, Unit.Kind.DEPARTMENT, body, aliases)
    for place, _chief, _liaison in GRASSROOTS:
        _unit(f"{place}人民检察院", Unit.Kind.GRASSROOTS, body, (f"示例市{place}人民检察院", f"{place}院"))
    say(f"单位：{ORGANISATION}，{len(DEPARTMENTS)} 个内设机构，{len(GRASSROOTS)} 个基层院，{INSPECTION_OFFICE}。")
    people = [*PEOPLE, *_grassroots_people()]
    hashed = make_password(PASSWORD)
    for person in people:
        _post(person, hashed)
    roles = len({person.role for person in people})
    say(f"人员：{len({person.username for person in people})} 人，{len(people)} 个岗位，覆盖 {roles} 种角色。")
    return body


def sign_in_table() -> list[tuple[str, str, str]]:
    """Return role, name and sign-in name of one person for each role."""
    shown = [person for person in [*PEOPLE, *_grassroots_people()] if person.shown]
    return [(str(ROLES[person.role].label), person.name, person.username) for person in shown]


def _grassroots_people() -> Iterator[Person]:
    for number, (place, chief, liaison) in enumerate(GRASSROOTS, start=1):
        unit, first = f"{place}人民检察院", number == 1
        suffix = "" if first else str(number)
        yield Person(f"basechief{suffix}", chief, "grassroots_chief", unit, "党组书记、检察长", shown=first)
        yield Person(f"liaison{suffix}", liaison, "grassroots_liaison", unit, "办公室主任", shown=first)


def _unit(name: str, kind: str, parent: Unit | None, aliases: tuple[str, ...] = ()) -> Unit:
    found = Unit.objects.filter(name=name, parent=parent).first()
    return found or actions.create_unit(actor=OPERATOR, kind=kind, name=name, parent=parent, aliases=aliases)


def _post(person: Person, hashed: str) -> None:
    user = User.objects.filter(username=person.username).first()
    if user is None:
        user, _password = actions.create_user(
            actor=OPERATOR,
            username=person.username,
            name=person.name,
            password=PASSWORD,
            must_change_password=False,
            hashed=hashed,
        )
    unit = Unit.objects.get(name=person.unit, closed_on__isnull=True)
    if Post.objects.filter(user=user, unit=unit, role=person.role).exists():
        return
    post = actions.grant_post(user, actor=OPERATOR, unit=unit, role=person.role, title=person.title)
    if person.charges:
        units = Unit.objects.filter(name__in=person.charges, closed_on__isnull=True)
        actions.set_charges(post, actor=OPERATOR, units=units)
