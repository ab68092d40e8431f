"""With which parameters a rule runs for a body, and where each value comes from.

Three may speak: the pack that declares the rule, an office's own pack that changes it, and the body's setting in the
database; the later one holds.  A value that no published rule states stays marked, whoever chose it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zhenggai.packs.declarations import Ledger, Parameter, Rule
from zhenggai.people.models import Unit
from zhenggai.watch.models import RuleSetting

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """One parameter as it holds for a body."""

    name: str
    """Code of the parameter."""
    declared: Parameter
    """What the packs say of it."""
    value: Value
    """What holds."""
    setting: RuleSetting | None = None
    """The body's setting that says so; None when it holds as declared."""

    @property
    def verified(self) -> bool:
        """Whether a published rule states this value."""
        return self.declared.verified and self.setting is None


@dataclass(frozen=True, slots=True)
class Effective:
    """A rule as it runs for a body."""

    rule: Rule
    """As the packs declare it."""
    enabled: bool
    """Whether it runs."""
    parameters: tuple[Chosen, ...]
    """Its parameters."""
    setting: RuleSetting | None = None
    """What the body set; None when nothing."""

    @property
    def values(self) -> dict[str, Value]:
        """Parameter → value."""
        return {each.name: each.value for each in self.parameters}

    @property
    def unverified(self) -> tuple[Chosen, ...]:
        """Parameters whose value no published rule states."""
        return tuple(each for each in self.parameters if not each.verified)


def effective_rules(ledger: Ledger, body: Unit) -> tuple[Effective, ...]:
    """Return the rules of *ledger* as they run for *body*, in the order declared; one query."""
    held = RuleSetting.objects.filter(ledger=ledger.ledger, body=body, superseded_at__isnull=True).select_related("by")
    by_rule = {setting.rule: setting for setting in held}
    return tuple(effective(rule, by_rule.get(rule.rule)) for rule in ledger.rules)


def effective(rule: Rule, setting: RuleSetting | None) -> Effective:
    """Return a rule as it runs under a body's setting."""
    told: Mapping[str, Value] = setting.parameters if setting is not None else {}
    enabled = rule.enabled if setting is None or setting.enabled is None else setting.enabled
    return Effective(rule, enabled, tuple(_chosen(rule.parameters, told, setting)), setting)


def _chosen(
    declared: Mapping[str, Parameter], told: Mapping[str, Value], setting: RuleSetting | None
) -> Iterable[Chosen]:
    for name, parameter in declared.items():
        if name in told:
            yield Chosen(name, parameter, told[name], setting)
        else:
            yield Chosen(name, parameter, parameter.value)
