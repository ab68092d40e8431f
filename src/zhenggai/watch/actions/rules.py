"""How a body runs a rule: switched on or off, with other parameters than declared; each choice is kept with its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.findings.fields import clean_text
from zhenggai.kit.errors import NotFound
from zhenggai.ledgers.access import access_ledger
from zhenggai.packs.declarations import Parameter
from zhenggai.people.access import Actor, require
from zhenggai.people.models import Unit, User
from zhenggai.watch import codes
from zhenggai.watch.access import SET
from zhenggai.watch.errors import BadValue, TextMissing
from zhenggai.watch.models import RuleSetting
from zhenggai.watch.reconciling import lock_watched
from zhenggai.watch.settings import Value
from zhenggai.watch.tasks import ask_run

RULE = "rule"
"""``object_type`` of entries about a rule of a ledger."""


def set_rule(
    ledger: str,
    rule: str,
    body: Unit,
    *,
    actor: Actor,
    why: str,
    enabled: bool | None = None,
    parameters: Mapping[str, object] | None = None,
) -> RuleSetting:
    """Let *body* run a rule otherwise than declared; what is not named holds as declared. The rules then run again.

    Raises:
        NotFound, NotAllowed: there is no such rule, or the actor does not set rules there.
        TextMissing, BadValue: there is no reason, or a value is none of the parameter's kind.
    """
    declared = access_ledger(actor, ledger)
    found = next((each for each in declared.rules if each.rule == rule), None)
    if found is None:
        raise NotFound
    words = clean_text(why, lines=True)[:300]
    if not words:
        raise TextMissing(label=_now("设定理由"))
    told: dict[str, Value] = {}
    for name, value in (parameters or {}).items():
        if name not in found.parameters:
            raise BadValue(label=name, value=str(value)[:40], reason=_now("规则没有这个参数"))
        read = read_parameter(found.parameters[name], value)
        if read != found.parameters[name].value:
            told[name] = read
    with transaction.atomic():
        require(actor, SET, body)
        lock_watched(ledger, body)
        held = RuleSetting.objects.select_for_update().filter(
            ledger=ledger, rule=rule, body=body, superseded_at__isnull=True
        )
        held.update(superseded_at=timezone.now())
        setting = RuleSetting.objects.create(
            ledger=ledger,
            rule=rule,
            body=body,
            enabled=None if enabled == found.enabled else enabled,
            parameters=told,
            why=words,
            by=actor if isinstance(actor, User) else None,
        )
        record(
            actor=actor, code=codes.RULE_SET, object_type=RULE, object_id=f"{ledger}.{rule}", object_label=found.label,
            data={"body": body.name, "enabled": enabled, "parameters": told, "why": words},
        )  # fmt: skip
        ask_run(ledger, body)
    return setting


def read_parameter(declared: Parameter, value: object) -> Value:
    """Return *value* as the kind that the declared value has.

    Raises:
        BadValue: it is none.
    """
    text = str(value).strip()
    match declared.value:
        case bool():
            if isinstance(value, bool):
                return value
            if text in ("true", "on", "1", "是"):
                return True
            if text in ("false", "off", "0", "否", ""):
                return False
            raise BadValue(label=declared.label, value=text[:40], reason=_now("应为“是”或“否”"))
        case int() | float():
            return _number(declared, text)
        case _:
            if not text or len(text) > 200:
                raise BadValue(label=declared.label, value=text[:40], reason=_now("应为 1 至 200 个字"))
            return text


def _number(declared: Parameter, text: str) -> Value:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) > 1e9:
        raise BadValue(label=declared.label, value=text[:40], reason=_now("应为数字"))
    if isinstance(declared.value, int):
        if number != int(number):
            raise BadValue(label=declared.label, value=text[:40], reason=_now("应为整数"))
        return int(number)
    return number
