"""``deadlines.yaml`` of the packs in, limits and warning schemes out, with every mistake's place.

A later pack may add limits, give a limit to a duty that the texts leave without a number, and ``set`` the parameters of
limits declared earlier.  What is wrong is left out and listed; the rest holds.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path as FilePath

from zhenggai.kit.errors import CannotCount
from zhenggai.kit.text import comparison_key
from zhenggai.kit.time_limits import (
    Basis,
    Counting,
    Extension,
    Ground,
    Limit,
    Parameter,
    Span,
    Undated,
    Unit,
    Variant,
)
from zhenggai.kit.time_warnings import WarningScheme, WarningStep
from zhenggai.packs.deadline_declarations import (
    CountingEntry,
    DeadlineFile,
    ExtensionEntry,
    GroundEntry,
    GroupEntry,
    LimitEntry,
    SchemeEntry,
    Setting,
    parse_span,
)
from zhenggai.packs.loading import (
    Declared,
    Folder,
    installed_folders,
    office_folders,
    read_file,
    shipped_folders,
    validated,
)
from zhenggai.packs.reading import Path, Problem, Source

FILE = "deadlines.yaml"
_UNIT_CHOICES = (("day", "自然日"), ("workday", "工作日"))
_FLAG_CHOICES = (("true", "是"), ("false", "否"))


@dataclass(slots=True)
class Deadlines:
    """All limits that the packs declare together."""

    limits: dict[str, Limit] = field(default_factory=dict)
    """By code: those of the pack nearest to the office first, within a pack in the order declared."""
    undated: dict[str, Undated] = field(default_factory=dict)
    """Duties without a number, by code."""
    schemes: dict[str, WarningScheme] = field(default_factory=dict)
    """Warning schemes by code."""
    problems: list[Problem] = field(default_factory=list)
    """Every mistake found."""

    def limit(self, code: str) -> Limit:
        """Return the limit *code*.

        Raises:
            CannotCount: there is none, or it has no number.
        """
        found = self.limits.get(code)
        if found is not None:
            return found
        if code in self.undated:
            raise CannotCount(code=code, reason=f"法规没有规定长度：{self.undated[code].rule.rstrip('。')}")
        parts = [each for each in self.limits if each.startswith(f"{code}-")]
        if parts:
            raise CannotCount(code=code, reason="分为几项，请选 " + "、".join(parts))
        padded = re.sub(r"(?<=[A-Z])(\d)(?!\d)", r"0\1", code.upper())
        known = [*self.limits, *self.undated]
        near = f"您是不是要写“{padded}”" if padded in known else _near(code, known).rstrip("？")
        raise CannotCount(code=code, reason="没有这个期限" + (f"，{near}" if near else ""))

    def find(self, words: str) -> list[Limit]:
        """Return the limits whose code, matter, group, articles or further words hold each of *words*."""
        return [limit for limit in self.limits.values() if is_about(limit, words)]


def is_about(limit: Limit | Undated, words: str) -> bool:
    """Tell whether *limit* holds each of *words*."""
    further = (limit.event, *limit.words) if isinstance(limit, Limit) else (limit.rule,)
    told = (limit.code, limit.matter, limit.group, *further, *(each.words for each in limit.basis))
    text = comparison_key(" ".join(told))
    return all(comparison_key(word) in text for word in words.split())


@cache
def shipped() -> Deadlines:
    """Return what the packs that come with this package declare; read once."""
    return load(shipped_folders())


def in_force(home: FilePath) -> Deadlines:
    """Return the limits of all packs, with the office's own below *home*; what did not change is not read again."""
    return load([*shipped_folders(), *installed_folders(), *office_folders(home)])


def load(folders: Sequence[Folder]) -> Deadlines:
    """Read the file of each pack, in order; a folder without ``pack.yaml`` is no pack."""
    packs = [folder for folder in folders if (folder.path / "pack.yaml").is_file()]
    return _combined(tuple((folder, _state(folder.path / FILE)) for folder in packs))


_State = tuple[int, int] | None


def _state(file: FilePath) -> _State:
    try:
        told = file.stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_size


@lru_cache(maxsize=4)
def _combined(files: tuple[tuple[Folder, _State], ...]) -> Deadlines:
    reader = _Reader()
    for folder, state in files:
        if state is not None:
            source, told, problems = _parsed(folder, state)
            reader.found.problems += problems
            if source and told:
                reader.take(source, told)
    return reader.ordered()


@lru_cache(maxsize=16)
def _parsed(folder: Folder, _state: _State) -> tuple[Source | None, DeadlineFile | None, list[Problem]]:
    """Return what a file says and what is wrong with it; the state makes a changed file another one."""
    declared = Declared()
    source = read_file(declared, folder, folder.path / FILE)
    return source, validated(declared, source, DeadlineFile) if source else None, declared.problems


class _Reader:
    """What has been read so far."""

    def __init__(self) -> None:
        self.found = Deadlines()
        self.files = 0
        self.file_of: dict[str, int] = {}
        self.statutes: dict[str, str] = {}
        self.counting: dict[str, Counting] = {}

    def take(self, source: Source, told: DeadlineFile) -> None:
        """Add what a file says to what earlier ones said."""
        self.files += 1
        self.statutes |= told.statutes
        for code, way in told.counting.items():
            made = self._way(source, ("counting", code), code, way)
            if made:
                self.counting[code] = made
        for index, group in enumerate(told.groups):
            self._group(source, ("groups", index), group)
        for index, scheme in enumerate(told.schemes):
            self._scheme(source, ("schemes", index), scheme)
        for code, values in told.set.items():
            self._set(source, code, values)

    def ordered(self) -> Deadlines:
        """Return what was read, the latest pack first: that is the office's own, then its kind of body, then any body's."""
        limits = sorted(self.found.limits.items(), key=lambda pair: -self.file_of[pair[0]])
        self.found.limits = dict(limits)
        return self.found

    def _problem(self, source: Source, path: Path, message: str, hint: str = "") -> None:
        self.found.problems.append(source.problem(path, message, hint))

    def _cited(self, source: Source, path: Path, cited: Sequence[str]) -> tuple[Basis, ...] | None:
        made = []
        for each in cited:
            code, _blank, article = each.partition(" ")
            if code not in self.statutes:
                self._problem(source, path, f"没有名为“{code}”的法规。", _near(code, self.statutes))
                return None
            made.append(Basis(self.statutes[code], article.replace("-", "–")))
        return tuple(made)

    def _way(self, source: Source, path: Path, code: str, told: CountingEntry) -> Counting | None:
        named = {name: getattr(told, name) for name in ("start", "days_off", "months", "mail")}
        found: dict[str, Basis | None] = {}
        for name, cited in named.items():
            basis = self._cited(source, (*path, name), [cited] if cited else [])
            if basis is None:
                return None
            found[name] = basis[0] if basis else None
        start, days_off = found["start"], found["days_off"]
        if start is None or days_off is None:
            return None
        return Counting(
            code, told.label, start, days_off, found["months"], found["mail"], told.month_end_to_month_end,
            frozenset(told.workday_amounts), told.verified,
        )  # fmt: skip

    def _group(self, source: Source, path: Path, group: GroupEntry) -> None:
        for index, each in enumerate(group.limits):
            here: Path = (*path, "limits", index)
            if each.code in self.found.limits:
                hint = f"要改数值，请写在 set 里，例如 set: {{{each.code}: {{amount: 5}}}}；要新增，请换一个代码。"
                self._problem(source, (*here, "code"), f"已有代码为“{each.code}”的期限。", hint)
                continue
            limit = self._limit(source, here, group, each)
            if limit:
                self.found.limits[each.code] = limit
                self.file_of[each.code] = self.files
                self.found.undated.pop(each.code, None)
        for index, duty in enumerate(group.undated):
            here = (*path, "undated", index)
            basis = self._cited(source, (*here, "basis"), duty.basis)
            if duty.code in self.found.limits or duty.code in self.found.undated:
                self._problem(source, (*here, "code"), f"已有代码为“{duty.code}”的事项。")
            elif basis is not None:
                self.found.undated[duty.code] = Undated(
                    duty.code, duty.matter, duty.rule, basis, duty.verified, group.group
                )

    def _limit(self, source: Source, path: Path, group: GroupEntry, told: LimitEntry) -> Limit | None:
        code = told.counting or group.counting
        basis = self._cited(source, (*path, "basis"), told.basis)
        if code not in self.counting:
            place = (*path, "counting") if told.counting else (*path[:2], "counting")
            self._problem(source, place, f"没有名为“{code}”的计算方法。", _near(code, self.counting))
            return None
        extensions = self._extensions(source, (*path, "extensions"), told.extensions, basis or ())
        pauses = self._grounds(source, (*path, "pauses"), told.pauses, basis or ())
        restarts = self._grounds(source, (*path, "restarts"), told.restarts, basis or ())
        if basis is None or extensions is None or pauses is None or restarts is None:
            return None
        span = parse_span(told.span)
        return Limit(
            told.code,
            told.matter,
            span,
            told.event,
            self.counting[code],
            basis,
            told.verified,
            group.group,
            tuple(Variant(each.name, parse_span(each.span)) for each in told.variants),
            extensions,
            told.max_times,
            told.rolls,
            told.custody or group.custody,
            told.backward,
            pauses,
            restarts,
            _parameters(told, span),
            told.note,
            told.words,
        )

    def _extensions(
        self, source: Source, path: Path, told: Sequence[ExtensionEntry], own: tuple[Basis, ...]
    ) -> tuple[Extension, ...] | None:
        made = []
        for index, each in enumerate(told):
            basis = self._cited(source, (*path, index, "basis"), each.basis)
            if basis is None:
                return None
            span = parse_span(each.span) if each.span else None
            made.append(Extension(each.code, each.label, span, each.approver or "", basis or own))
        return tuple(made)

    def _grounds(
        self, source: Source, path: Path, told: Sequence[GroundEntry], own: tuple[Basis, ...]
    ) -> tuple[Ground, ...] | None:
        made = []
        for index, each in enumerate(told):
            basis = self._cited(source, (*path, index, "basis"), each.basis)
            if basis is None:
                return None
            made.append(Ground(each.code, each.label, basis or own, each.max_times))
        return tuple(made)

    def _scheme(self, source: Source, path: Path, told: SchemeEntry) -> None:
        steps = tuple(
            WarningStep(each.severity.value, each.what, each.days, each.percent, each.month_ends, each.only)
            for each in told.steps
        )
        known = {*self.found.limits, *self.found.undated}
        for index, step in enumerate(steps):
            for code in step.only:
                if not any(step.is_for(each) for each in known if each.startswith(code)):
                    here = (*path, "steps", index, "only")
                    self._problem(source, here, f"没有代码为“{code}”的期限。", _near(code, known))
        self.found.schemes[told.scheme] = WarningScheme(told.scheme, told.label, steps, told.source, told.verified)

    def _set(self, source: Source, code: str, values: Setting) -> None:
        limit = self.found.limits.get(code)
        if limit is None:
            self._problem(source, ("set", code), f"没有代码为“{code}”的期限。", _near(code, self.found.limits))
            return
        try:
            self.found.limits[code] = limit.adjust({str(name): value for name, value in values.items()})
        except CannotCount as error:
            self._problem(
                source,
                ("set", code),
                f"{error.slots['reason']}。",
                "可设：amount、unit、rolls、month_end_to_month_end。",
            )


def _parameters(told: LimitEntry, span: Span) -> tuple[Parameter, ...]:
    """Return what may be set: what is declared and, where nobody read the text, how long it is."""
    now: dict[str, int | str | bool] = {
        "amount": span.amount,
        "unit": span.unit.value,
        "rolls": told.rolls,
        "month_end_to_month_end": False,
    }
    choices = {"unit": _UNIT_CHOICES, "rolls": _FLAG_CHOICES, "month_end_to_month_end": _FLAG_CHOICES}
    made = [
        Parameter(each.name, each.label, now[each.name], choices.get(each.name, ()), each.note)
        for each in told.parameters
    ]
    if not told.verified and not any(each.name == "amount" for each in made):
        made.append(Parameter("amount", "期限长度", span.amount, (), "原文未经核对"))
    if span.unit is Unit.MONTH and told.verified and not any(each.name == "month_end_to_month_end" for each in made):
        label = "起算日是当月最后一日的，算至届满月最后一日"
        made.append(Parameter("month_end_to_month_end", label, False, _FLAG_CHOICES, "两种算法并存，默认取较早的一日"))
    return tuple(made)


def _near(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1, 0.5)
    return f"您是不是要写“{near[0]}”？" if near else ""
