"""Anybody who has the list and the seed draws the same; no stratum is left out; nothing is drawn twice."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from zhenggai.kit.drawing import Member, by_rate, by_size, draw

IDS = [str(UUID(int=number)) for number in range(1, 41)]
populations = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(["甲", "乙", "丙", "丁"])),
    min_size=1,
    unique_by=lambda each: each[0],
)
sizes = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 60), min_size=1)


def test_the_published_procedure_in_five_lines_draws_the_same() -> None:
    population = [Member(stable_id, "") for stable_id in IDS]
    by_hand = sorted(IDS, key=lambda stable_id: sha256(("种子:" + stable_id).encode()).hexdigest())[:5]
    assert draw(population, seed="种子", size=5) == by_hand


def test_a_known_draw_stays_what_it_is() -> None:
    population = [Member(stable_id, "甲" if number % 3 else "乙") for number, stable_id in enumerate(IDS)]
    drawn = draw(population, seed="2026-03-20", size=4)
    assert [UUID(stable_id).int for stable_id in drawn] == [7, 23, 18, 33]


@given(populations, st.integers(1, 60), st.text(max_size=20))
def test_a_draw_depends_on_nothing_but_seed_and_list(population: list[tuple[str, str]], size: int, seed: str) -> None:
    members = [Member(*each) for each in population]
    drawn = draw(members, seed=seed, size=size)
    assert drawn == draw(list(reversed(members)), seed=seed, size=size)
    assert len(drawn) == len(set(drawn)) == min(size, len(members))
    assert set(drawn) <= {member.stable_id for member in members}


@given(sizes, st.integers(1, 200))
def test_quotas_by_size_sum_up_and_leave_none_out(strata: dict[str, int], size: int) -> None:
    quotas = by_size(strata, size)
    assert sum(quotas.values()) == min(size, sum(strata.values()))
    assert all(0 <= quotas[name] <= strata[name] for name in strata)
    if size >= len(strata):
        assert min(quotas.values()) >= 1


@given(sizes, st.integers(1, 100))
def test_quotas_by_rate_are_rounded_up(strata: dict[str, int], rate: int) -> None:
    quotas = by_rate(strata, rate)
    assert all(1 <= quotas[name] <= strata[name] for name in strata)
    assert all(quotas[name] * 100 >= strata[name] * rate for name in strata)


@given(populations, st.integers(1, 100))
def test_a_rate_draws_its_share_of_each_stratum(population: list[tuple[str, str]], rate: int) -> None:
    members = [Member(*each) for each in population]
    drawn = set(draw(members, seed="x", rate_percent=rate))
    for stratum in {member.stratum for member in members}:
        inside = [member.stable_id for member in members if member.stratum == stratum]
        assert len(drawn & set(inside)) == -(-len(inside) * rate // 100)
