"""The labels of the set are true: each is proven by arithmetic where arithmetic can prove it."""

from __future__ import annotations

import ast
import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.score_figures import HALVES, SET, VERDICTS, Mark, Sample, read_set, score_sample

PROVEN_BY_WORDS = {"unit", "point", "date", "damaged", "approx", "impossible"}
"""Kinds whose contradiction may be plain from the words alone."""
NODES = (
    ast.Expression, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Compare, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
    ast.Eq, ast.NotEq, ast.Call, ast.Name, ast.Load, ast.Constant,
)  # fmt: skip


def _days(start: str, end: str) -> Decimal:
    return Decimal((datetime.date.fromisoformat(end) - datetime.date.fromisoformat(start)).days)


class _Exact(ast.NodeTransformer):
    """Make each number of an expression an exact decimal, as it is written."""

    def __init__(self, source: str) -> None:
        self.source = source

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str):
            return node
        written = ast.Constant(ast.get_source_segment(self.source, node))
        return ast.Call(ast.Name("Decimal", ast.Load()), [written], [])


def work_out(expression: str) -> Any:
    """Return the value of an expression of numbers, ``+ - * /``, comparisons and ``days(start, end)``."""
    tree = ast.parse(expression.strip(), mode="eval")
    assert all(isinstance(node, NODES) for node in ast.walk(tree)), expression
    exact = ast.fix_missing_locations(_Exact(expression.strip()).visit(tree))
    return eval(compile(exact, expression, "eval"), {"__builtins__": {}, "Decimal": Decimal, "days": _days})


def judge(value: Decimal, printed: str) -> str:
    """Return what *printed* is for *value*, at its own number of decimals."""
    step = Decimal(1).scaleb(-len(printed.partition(".")[2]))
    for verdict, rounding in (("consistent", ROUND_HALF_UP), ("truncated", ROUND_DOWN)):
        if value.quantize(step, rounding=rounding) == Decimal(printed):
            return verdict
    return "contradictory"


def is_true(text: str, claim: dict[str, str]) -> bool:
    """Return whether a label of *text* says what can be proven."""
    if claim["verdict"] not in VERDICTS or text.count(claim["anchor"]) != 1 or not claim["reason"]:
        return False
    proof = claim.get("proof", "")
    if "->" in proof:
        expression, _, printed = proof.partition("->")
        return judge(work_out(expression), printed.strip()) == claim["verdict"]
    if proof:
        return bool(work_out(proof))
    return claim["verdict"] in ("uncheckable", "disputable") or claim["kind"] in PROVEN_BY_WORDS


@pytest.mark.parametrize("path", sorted(SET.glob("*.yaml")), ids=lambda path: path.stem)
def test_labels_are_true(path: Path) -> None:
    entries = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    wrong = [
        f"{entry['id']}: {claim['anchor']}"
        for entry in entries
        for claim in entry["claims"]
        if not is_true(entry["text"], claim)
    ]
    assert wrong == []


def test_no_name_is_used_twice() -> None:
    samples = read_set(SET)
    assert len({sample.id for sample in samples}) == len(samples)
    assert {sample.half for sample in samples} <= set(HALVES)


def test_an_accusation_counts_where_it_touches_a_contradiction() -> None:
    label = Mark(4, 9, "contradictory", "sum", "", "")
    doubt = Mark(20, 25, "disputable", "damaged", "", "")
    sample = Sample("x", "dev", "other", "字" * 40, (label, doubt, Mark(12, 15, "consistent", "share", "", "")))

    def answers(*places: tuple[int, int, str]) -> list[Mark]:
        return [Mark(start, end, verdict, "", "", "") for start, end, verdict in places]

    score = score_sample(sample, answers((8, 10, "contradictory"), (5, 6, "contradictory"), (12, 13, "consistent")))
    assert (score.precision, score.recall(), score.recall("consistent"), score.misses) == (1, 1, 1, [])
    score = score_sample(sample, answers((9, 12, "contradictory"), (21, 22, "contradictory"), (4, 9, "truncated")))
    assert (score.accused, score.precision, score.recall(), len(score.misses)) == (1, 0, 0, 2)
    assert not sample.clean
