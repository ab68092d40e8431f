"""Who went elsewhere is no longer seen by the former unit; their history goes with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories.people import make_grassroots, make_post, make_unit, make_user
from zhenggai.kit.errors import NotFound
from zhenggai.people import actions, queries
from zhenggai.people.access import OPERATOR

pytestmark = pytest.mark.django_db


def test_only_the_present_unit_sees_a_person_with_all_their_posts(sign_in_as: Callable[..., Client]) -> None:
    court = make_unit()
    former, present = make_grassroots(court, "青禾区人民检察院"), make_grassroots(court, "白石区人民检察院")
    former_chief, present_chief = make_user("grassroots_chief", former), make_user("grassroots_chief", present)
    person = make_user("grassroots_liaison", former, name="沈某")
    assert queries.access_user(former_chief, person.pk) == person
    actions.end_post(person.posts.get(), actor=OPERATOR)
    make_post(person, present, "grassroots_liaison")
    with pytest.raises(NotFound):
        queries.access_user(former_chief, person.pk)
    assert set(queries.visible_people(former_chief)) == {former_chief}
    assert sign_in_as(former_chief).get(f"/system/people/{person.pk}/").status_code == 404
    assert set(queries.visible_people(present_chief)) == {present_chief, person}
    shown = sign_in_as(present_chief).get(f"/system/people/{person.pk}/").content.decode()
    assert former.name in shown


def test_a_closed_account_stays_with_its_unit_until_its_posts_end() -> None:
    court = make_unit()
    chief, person = make_user("first_responsible_person", court), make_user("owner", court)
    actions.deactivate_user(person, actor=OPERATOR)
    assert queries.access_user(chief, person.pk) == person
    assert person in queries.visible_people(chief)
    actions.end_post(person.posts.get(), actor=OPERATOR)
    with pytest.raises(NotFound):
        queries.access_user(chief, person.pk)
    assert person in queries.visible_people(make_user("system_admin", court))
