"""What rules say after a change of a few rows, told from what stands and from those rows alone.

Rules over single rows, and those that hold a row against another ledger, are asked of the changed rows with the same queries as
ever; a rule over many rows is asked anew, of all of them, only when something that it reads has changed.  Where that cannot be known,
nothing is told and everything is looked at; so it is every night.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from zhenggai.kit.errors import ZhenggaiError
from zhenggai.packs.declarations import ComparisonRule, CompletenessRule, DueRule, GroupRule, Ledger, RowRule
from zhenggai.people.models import Unit
from zhenggai.rulesql.dialects import DUCKDB
from zhenggai.watch.basis import Basis, Mark, find_basis, mark_of, read_beside
from zhenggai.watch.facts import Judgement, Verdict
from zhenggai.watch.judges import groups
from zhenggai.watch.judges.looks import columns_of
from zhenggai.watch.judging import ask_apart, ask_plans, ask_rows, plans_of, questions
from zhenggai.watch.models import Alert
from zhenggai.watch.scene import SYSTEM, Scene
from zhenggai.watch.settings import Effective

BEFORE, NOW, ALIKE = "rows before", "rows now", "rows alike"
"""What the changed rows are called as they were and as they are, and those in groups with them; the code of a ledger has no blank."""
MOST_GROUPS = 200
"""Groups that changed rows may touch; beyond, a rule over groups is asked of all rows."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the changed rows, as rules see them."""

    before: int
    """How many of them were on the ledger."""
    after: int
    """How many of them are."""
    moved: bool
    """Whether any came, went, or is about another unit now."""
    columns: frozenset[str]
    """Fields of which any row says something else."""

    @property
    def nothing(self) -> bool:
        """Whether rules over many rows see no difference at all."""
        return not self.moved and not self.columns


def judge_changes(ledger: Ledger, body: Unit, rules: Iterable[Effective], as_of: datetime) -> Judgement | None:
    """Return what rules say as of a moment, told from what stands; None when everything has to be looked at.

    Raises:
        ZhenggaiError: the rows cannot be read at all.
    """
    asked = [each for each in rules if each.enabled]
    with Scene(ledger, body, as_of, whole=False) as scene:
        mark = mark_of(scene, asked)
        basis = find_basis(scene, asked, mark) if mark is not None else None
        if mark is None or basis is None:
            return None
        return _Following(scene, asked, mark, basis).judge()


class _Following:
    def __init__(self, scene: Scene, asked: Sequence[Effective], mark: Mark, basis: Basis) -> None:
        self.scene, self.asked, self.mark, self.basis = scene, asked, mark, basis
        ledger = scene.ledger
        scene.engine.take_rows(ledger, basis.rows, mark.version, ledger.ledger)
        scene.engine.take_rows(ledger, basis.rows, basis.version, BEFORE)
        self.change = _change(scene)
        self.subjects = frozenset(f"row:{key}" for key in basis.rows)
        self.told: Mapping[str, Mapping[str, int]] = basis.run.rules

    def judge(self) -> Judgement:
        single, held, again, verdicts = [], [], [], {}
        for each in self.asked:
            if self._lies_apart(each):
                again.append(each)
            elif isinstance(each.rule, RowRule | DueRule | CompletenessRule):
                single.append(each)
            elif isinstance(each.rule, ComparisonRule) and each.rule.with_ledger != self.scene.ledger.ledger:
                held.append(each)
            elif self._touches(each):
                again.append(each)
            else:
                verdicts[each.rule.rule] = self._stays(each)
        for verdict in self._rows(single):
            verdicts[verdict.rule] = verdict
        for each in held:
            verdict = self._held(each)
            if not verdict.error:
                verdicts[verdict.rule] = verdict
        again += [each for each in self.asked if each.rule.rule not in verdicts and each not in again]
        if again:
            with Scene(self.scene.ledger, self.scene.body, self.scene.as_of) as whole:
                many = [each for each in again if isinstance(each.rule, RowRule | DueRule | CompletenessRule)]
                verdicts |= ask_rows(whole, many)
                verdicts |= {each.rule.rule: self._again(whole, each) for each in again if each not in many}
        rows = (self.basis.run.rows or 0) - self.change.before + self.change.after
        said = [verdicts[each.rule.rule] for each in self.asked]
        return Judgement(self.scene.as_of, rows, said, str(self.mark), self.basis.mark)

    def _lies_apart(self, each: Effective) -> bool:
        """Tell whether what a rule said cannot be gone on from: it failed, or another ledger that it reads has changed."""
        if "error" in self.told[each.rule.rule]:
            return True
        return not self.basis.others_stay and bool(read_beside(self.scene, each))

    def _touches(self, each: Effective) -> bool:
        """Tell whether a change may alter what a rule over many rows says."""
        if self.change.nothing:
            return False
        if self.change.moved:
            return True
        try:
            columns = columns_of(self.scene, each)
        except ZhenggaiError:
            return True
        return columns is None or bool(columns & self.change.columns)

    def _stays(self, each: Effective) -> Verdict:
        told = self.told[each.rule.rule]
        return Verdict(each.rule.rule, unknown=told["unknown"], subjects=frozenset(), stood=told["hits"])

    def _rows(self, asked: Sequence[Effective]) -> Iterable[Verdict]:
        """Yield what rules over single rows say; those that fail are left out, and asked of all rows."""
        if not asked:
            return
        if not self.basis.rows:
            yield from map(self._stays, asked)
            return
        plans, _failed = plans_of(self.scene, asked)
        if not plans:
            return
        began = time.monotonic()
        before = self.scene.engine.row_rules(replace(self.scene.table, name=BEFORE), questions(plans), self.scene.run())
        now = ask_plans(self.scene, plans)
        spent = (time.monotonic() - began) * 1000
        for code, verdict in now.items():
            if not verdict.error and code not in before.failed:
                told = self.told[code]
                yield Verdict(
                    code, verdict.facts, told["unknown"] - before.unknown.get(code, 0) + verdict.unknown, spent,
                    subjects=self.subjects, stood=told["hits"],
                )  # fmt: skip

    def _again(self, whole: Scene, each: Effective) -> Verdict:
        """Return what a rule over many rows says: of the groups that the changed rows touch, or of everything."""
        told = self.told[each.rule.rule]
        if not isinstance(each.rule, GroupRule) or "error" in told or not self.basis.rows:
            return ask_apart(whole, each)
        began = time.monotonic()
        try:
            self._take_both(whole)
            keys = {keys for name in (BEFORE, NOW) for keys in groups.keys_in(whole, each, each.rule, name)}
            if len(keys) > MOST_GROUPS:
                return ask_apart(whole, each)
            whole.engine.take_alike(whole.ledger, each.rule.by, (BEFORE, NOW), ALIKE)
            facts, more = groups.say_of(whole, each, each.rule, ALIKE, keys, (BEFORE, NOW))
        except ZhenggaiError:
            return ask_apart(whole, each)
        begins = {groups.subject_of(key) for key in keys}
        stand = Alert.objects.filter(ledger=whole.ledger.ledger, watch_body=whole.body, rule=each.rule.rule).order_by()
        known = {text for text in stand.values_list("subject", flat=True) if f"{text.rpartition(':')[0]}:" in begins}
        return Verdict(
            each.rule.rule, tuple(facts), told["unknown"] + more, (time.monotonic() - began) * 1000,
            subjects=frozenset(known | {fact.subject for fact in facts}), stood=told["hits"],
        )  # fmt: skip

    def _take_both(self, whole: Scene) -> None:
        """Make the changed rows, as they were and as they are, known beside all rows."""
        for name, version in ((BEFORE, self.basis.version), (NOW, self.mark.version)):
            if not whole.engine.knows(name):
                whole.engine.take_rows(whole.ledger, self.basis.rows, version, name)

    def _held(self, each: Effective) -> Verdict:
        """Return what a rule says that holds the changed rows against another ledger, which stayed as it was."""
        if not self.basis.rows:
            return self._stays(each)
        verdict = ask_apart(self.scene, each)
        told = self.told[each.rule.rule]
        return replace(verdict, unknown=told["unknown"], subjects=self.subjects, stood=told["hits"])


def _change(scene: Scene) -> Change:
    names = [*SYSTEM, *scene.words.fields]
    listed = ", ".join(DUCKDB.identifier(name) for name in names)
    before, after = (
        {row[0]: row for row in scene.engine.query(f"SELECT {listed} FROM {scene.engine.relation(called)}")}
        for called in (BEFORE, scene.ledger.ledger)
    )
    changed: set[str] = set()
    for key in before.keys() & after.keys():
        pairs = zip(names, before[key], after[key], strict=True)
        changed |= {name for name, old, new in pairs if old != new}
    moved = before.keys() != after.keys() or not changed.isdisjoint(SYSTEM)
    return Change(len(before), len(after), moved, frozenset(changed.difference(SYSTEM)))
