"""Acts of draws: a seed and the list it draws from are recorded; then the draw is carried out, once.

Whoever plans a draw leaves seed, moment and fingerprints on record before anybody sees what they give.  A draw that was planned
and left stays on record too, so that nobody tries seeds until one pleases.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.kit.drawing import ALGORITHM
from zhenggai.ledgers import codes
from zhenggai.ledgers.access import KEEP, access_draw, access_ledger, is_named, require_body
from zhenggai.ledgers.actions.bulk import open_batch
from zhenggai.ledgers.declared import access_declared
from zhenggai.ledgers.drawing import (
    Outcome,
    declaration_of,
    draw_again,
    drawn_since,
    draws_into,
    filled,
    left_to_fill,
    read_for,
    require_sources,
)
from zhenggai.ledgers.errors import BadRow, CannotDraw, DrawOver, FrameDiffers, PoolTooSmall
from zhenggai.ledgers.forms import Form
from zhenggai.ledgers.models import Batch, Draw, LedgerState, Origin, RowVersion
from zhenggai.ledgers.values import clean
from zhenggai.ledgers.versions import begin
from zhenggai.packs.declarations import Draw as Declaration
from zhenggai.packs.declarations import Ledger
from zhenggai.packs.drawing import Why, parameter
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit, User

MOST_SEED = 64
_TOLD = 5


def plan_draw(
    code: str,
    chosen: str,
    *,
    actor: Actor,
    body: Unit,
    since: date | None = None,
    until: date | None = None,
    percent: float | Decimal | None = None,
    at_least: int | None = None,
    seed: str = "",
    values: Mapping[str, object] | None = None,
) -> Draw:
    """Record the seed of a declared draw and the list it will draw from; nothing is drawn yet.

    Args:
        code: the ledger that takes what is drawn.
        chosen: which draw, as ``source.draw``.
        actor: who acts.
        body: whose rows the drawn ones become; it and the bodies below give the rows that may be drawn.
        since: first day, by the date of the source; all before when absent.
        until: last day.
        percent: what share; the declared one by default.
        at_least: how many at the least of each group; the declared number by default.
        seed: a seed given from outside, as one drawn by lot before witnesses; one is made when empty.
        values: needed fields that neither the row drawn nor the declaration fills.

    Raises:
        NotFound, NotAllowed: the ledger or the body is out of reach.
        SourceOutOfReach: a ledger that the draw reads is.
        CannotDraw: there is no such draw, nothing to draw from, or a number makes no sense.
        UnknownField, BadRow: a value cannot be taken.
    """
    with transaction.atomic():
        ledger = access_ledger(actor, code, KEEP)
        require_body(actor, ledger, body)
        source, declared = _chosen(ledger, chosen)
        require_sources(actor, declared, source.ledger, body)
        declaration = _with_numbers(declared, percent, at_least)
        seed = clean(seed) or secrets.token_hex(16)
        _check_plan(declared.label, source, seed, since, until)
        kin = declared.relatives.ledger if declared.relatives else None
        draw = Draw(
            ledger=code, source=source.ledger, label=declared.label, declaration=declaration.model_dump(mode="json"),
            body=body, bodies=_bodies(body), since=since, until=until,
            values=_given(ledger, source, declared, values or {}), seed=seed, algorithm=ALGORITHM,
            as_of=_still({source.ledger, declared.reviewers, kin}),
            planned_by=actor if isinstance(actor, User) else None,
        )  # fmt: skip
        read = read_for(draw)
        if not read.frame.rows:
            raise CannotDraw(label=draw.label, reason=_now("期间内没有可以抽取的记录"))
        draw.frame_size, draw.frame_print = len(read.frame.rows), read.frame.print
        draw.pool_size, draw.pool_print = len(read.pool.rows), read.pool_print
        draw.save()
        _tell(actor, codes.DRAW_PLANNED, draw)
    return draw


def carry_out_draw(draw: Draw, *, actor: Actor) -> Batch:
    """Draw by the seed on record, ask the reviewers, and enter all of it into the ledger as one batch that can be taken back.

    Raises:
        NotFound, NotAllowed, SourceOutOfReach: the draw or what it reads is out of reach.
        DrawOver: it was carried out already.
        FrameDiffers: the ledgers do not read as they did when it was planned.
        CannotDraw: nothing can be drawn, or too much.
        PoolTooSmall: for some rows nobody is left.
        BadRow, KeyTaken, ValueTaken: the ledger does not take a row.
    """
    with transaction.atomic():
        access_draw(actor, draw.ledger, draw.pk)
        ledger = access_ledger(actor, draw.ledger, KEEP)
        require_body(actor, ledger, draw.body)
        writing = begin(ledger, actor=actor, origin=Origin.DRAW, reason=draw.label)
        found = Draw.objects.select_for_update(of=("self",)).select_related("body").get(pk=draw.pk)
        if found.state != Draw.State.PLANNED:
            raise DrawOver(label=found.label)
        declaration = declaration_of(found)
        require_sources(actor, declaration, found.source, found.body)
        outcome = _outcome(found, declaration)
        if twice := drawn_since(found, outcome):
            reason = _now("登记之后另一次抽取已抽中其中 %(count)s 件，请重新登记一次抽取") % {"count": twice}
            raise CannotDraw(label=found.label, reason=reason)
        rows = list(filled(found, outcome, ledger, timezone.localdate()))
        for field in writing.form.kept.values():
            if field.ledger is not None:
                named = {str(row[field.code]) for row in rows if row.get(field.code)}
                writing.form.names.learn_rows(field.ledger, named)
        datas = [writing.form.read(row) for row in rows]
        label = _now("抽取 %(count)s 件：%(label)s") % {"count": len(datas), "label": found.label}
        batch = open_batch(writing, Batch.Kind.DRAW, label, [], body=found.body, count=len(datas))
        writing.create(found.body, datas)
        found.state, found.drawn, found.batch = Draw.State.DONE, outcome.kept(), batch
        found.drawn_by, found.drawn_at = actor if isinstance(actor, User) else None, timezone.now()
        found.save(update_fields=["state", "drawn", "batch", "drawn_by", "drawn_at"])
        _tell(
            actor, codes.DRAW_CARRIED_OUT, found, batch=batch.pk, strata=outcome.strata,
            drawn=[[each.key, each.reviewer] for each in outcome.asked], aside=_aside(outcome, declaration),
        )  # fmt: skip
    return batch


def _outcome(draw: Draw, declaration: Declaration) -> Outcome:
    read = read_for(draw)
    for part, now, then in (
        (_now("总体"), read.frame.print, draw.frame_print),
        (_now("人员名单"), read.pool_print, draw.pool_print),
    ):
        if now != then:
            raise FrameDiffers(label=draw.label, part=part)
    outcome = draw_again(draw, read)
    if outcome.unasked:
        listed = "、".join(each.key for each in outcome.unasked[:_TOLD])
        pool = access_declared(declaration.reviewers or "").label
        raise PoolTooSmall(count=len(outcome.unasked), listed=listed, pool=pool)
    return outcome


def _chosen(ledger: Ledger, chosen: str) -> tuple[Ledger, Declaration]:
    found = draws_into(ledger.ledger).get(chosen)
    if found is None:
        raise CannotDraw(label=ledger.label, reason=_now("没有声明这种抽取"))
    if ledger.store != "rows":
        raise CannotDraw(label=ledger.label, reason=_now("台账整批导入，不能写入抽取的结果"))
    return found


def _with_numbers(declared: Declaration, percent: float | Decimal | None, at_least: int | None) -> Declaration:
    share = parameter(declared, declared.percent) if percent is None else float(percent)
    least = int(parameter(declared, declared.at_least)) if at_least is None else at_least
    if not 0 <= share <= 100:
        raise CannotDraw(label=declared.label, reason=_now("比例应在 0 到 100 之间"))
    if least < 0:
        raise CannotDraw(label=declared.label, reason=_now("件数不能小于 0"))
    return declared.model_copy(update={"percent": share, "at_least": least})


def _check_plan(label: str, source: Ledger, seed: str, since: date | None, until: date | None) -> None:
    if len(seed) > MOST_SEED:
        raise CannotDraw(label=label, reason=_now("种子最多 %(most)s 个字") % {"most": MOST_SEED})
    if since and until and since > until:
        raise CannotDraw(label=label, reason=_now("期间的开始晚于结束"))
    if (since or until) and source.date is None:
        raise CannotDraw(label=label, reason=_now("台账没有日期，不能按期间抽取"))


def _given(ledger: Ledger, source: Ledger, declared: Declaration, values: Mapping[str, object]) -> dict[str, Any]:
    """Return the values filled in by hand as the ledger keeps them."""
    wanted = {each.code for each in left_to_fill(declared, source, ledger)}
    given = {code: values.get(code) for code in wanted}
    data, problems = Form(ledger).try_read(given)
    wrong = {code: said for code, said in problems.items() if code in wanted}
    if wrong:
        raise BadRow.of(ledger.label, wrong)
    return {code: data[code] for code in wanted if code in data}


def _bodies(body: Unit) -> list[int]:
    below = Unit.objects.filter(path__startswith=body.path).exclude(kind=Unit.Kind.DEPARTMENT)
    return list(below.order_by("pk").values_list("pk", flat=True))


def _still(ledgers: set[str | None]) -> Any:
    """Return a moment before which nothing more comes into *ledgers*: they are locked until the plan is on record."""
    moment = timezone.now()
    for code in sorted(each for each in ledgers if each):
        LedgerState.objects.get_or_create(ledger=code)
        LedgerState.objects.select_for_update().get(ledger=code)
        last = RowVersion.objects.filter(ledger=code).order_by("-id").values_list("valid_from", flat=True).first()
        moment = max(moment, timezone.now(), last or moment)
    return moment


def _aside(outcome: Outcome, declaration: Declaration) -> dict[str, dict[str, list[str]]]:
    """Return who stood aside → why → from which rows; that two are related is not told where a closed ledger says so."""
    is_closed = declaration.relatives is not None and is_named(access_declared(declaration.relatives.ledger))
    told: dict[str, dict[str, list[str]]] = {}
    for each in outcome.asked:
        for person, why in zip(each.aside, each.reasons, strict=True):
            said = "aside" if is_closed and why == Why.RELATIVE else str(why)
            told.setdefault(person, {}).setdefault(said, []).append(each.key)
    return told


def _tell(actor: Actor, code: str, draw: Draw, **more: Any) -> None:
    data = {
        "ledger": draw.ledger, "source": draw.source, "draw": draw.declaration["draw"], "seed": draw.seed,
        "algorithm": draw.algorithm, "as_of": draw.as_of.isoformat(), "frame": draw.frame_size,
        "frame_print": draw.frame_print, "pool": draw.pool_size, "pool_print": draw.pool_print,
        "percent": draw.declaration["percent"], "at_least": draw.declaration["at_least"],
        "since": draw.since.isoformat() if draw.since else "", "until": draw.until.isoformat() if draw.until else "",
    }  # fmt: skip
    record(
        actor=actor, code=code, object_type="ledger_draw", object_id=draw.pk, object_label=draw.label,
        data={**data, **more},
    )  # fmt: skip
