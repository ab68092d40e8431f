"""What a draw reads and what its seed gives: the same rows and people as of the same moment, the same draw.

The frame is the rows of the source as of the draw's moment, kept by its bodies, that the declaration lets be drawn; the pool is
read alike.  Each is told by a fingerprint: the SHA-256 of its rows as one JSON list, in the order of their ids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.kit.drawing import ALGORITHM
from zhenggai.ledgers.access import is_named, reach_of
from zhenggai.ledgers.declared import access_declared, current
from zhenggai.ledgers.duck import name, run, text
from zhenggai.ledgers.errors import BadQuery, CannotDraw, SourceOutOfReach
from zhenggai.ledgers.expressions import as_sql
from zhenggai.ledgers.models import Draw
from zhenggai.ledgers.readers.relation import relation_of
from zhenggai.ledgers.values import write_decimal
from zhenggai.packs import drawing
from zhenggai.packs.deadlines import in_force
from zhenggai.packs.declarations import Draw as Declaration
from zhenggai.packs.declarations import Ledger, LedgerField
from zhenggai.packs.drawing import Asked, Share
from zhenggai.packs.expressions import parameters_of, table_of
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit
from zhenggai.rulesql import Type, look

KEY = "row_key"
"""Name in a row read for a draw of what tells it apart."""
MOST_DRAWN = 2000
"""Rows up to which one draw goes."""
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows read for a draw."""

    rows: tuple[Mapping[str, Any], ...]
    """Each with the fields asked for and :data:`KEY`, in the order of their ids."""
    print: str
    """Their fingerprint."""


@dataclass(frozen=True, slots=True)
class Read:
    """All that a draw reads."""

    frame: Listed
    """What may be drawn."""
    pool: Listed
    """Who may be asked."""
    relatives: frozenset[frozenset[str]]
    """Pairs of people who are related."""
    pool_print: str
    """Fingerprint of the pool and the relatives."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a seed gives."""

    read: Read
    """What was read for it."""
    shares: tuple[Share, ...]
    """What each group gave."""
    asked: tuple[Asked, ...]
    """Who is asked, in the order drawn."""
    rows: Mapping[str, Mapping[str, Any]]
    """Key → row, of those drawn."""

    @property
    def unasked(self) -> tuple[Asked, ...]:
        """Rows for which nobody is left, where a pool is declared."""
        return tuple(each for each in self.asked if each.reviewer is None)

    @property
    def strata(self) -> dict[str, int]:
        """How many were drawn of each group."""
        return {"|".join(share.group): len(share.drawn) for share in self.shares}

    def kept(self) -> list[list[Any]]:
        """Return what was drawn as :attr:`zhenggai.ledgers.models.Draw.drawn` keeps it."""
        return [
            [each.key, each.reviewer or "", list(each.aside), [str(why) for why in each.reasons]] for each in self.asked
        ]


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A draw done again beside the one on record."""

    same_frame: bool
    """Whether what may be drawn reads as it did."""
    same_pool: bool
    """Whether the people who may be asked read as they did."""
    same_rows: bool
    """Whether the same rows were drawn in the same order and handed out alike."""

    @property
    def is_same(self) -> bool:
        """Whether all of it agrees."""
        return self.same_frame and self.same_pool and self.same_rows


def draws_into(code: str) -> dict[str, tuple[Ledger, Declaration]]:
    """Return the draws whose rows a ledger takes, by ``source.draw``; an open one takes none of a closed one."""
    into = access_declared(code)
    return {
        f"{ledger.ledger}.{each.draw}": (ledger, each)
        for ledger in current().ledgers.values()
        for each in ledger.draws
        if each.into == code and (is_named(into) or not is_named(ledger))
    }


def declaration_of(draw: Draw) -> Declaration:
    """Return what was declared when the draw was planned; one planned before ``again`` was declared left it open."""
    return Declaration.model_validate({"again": True, **draw.declaration})


def require_sources(actor: Actor, declaration: Declaration, source: str, body: Unit) -> None:
    """Go on only when the actor may read all that a draw reads for *body*.

    Raises:
        SourceOutOfReach: they may not read one of the ledgers there.
    """
    kin = declaration.relatives.ledger if declaration.relatives else None
    for code in (source, declaration.reviewers, kin):
        ledger = current().ledgers.get(code or "")
        if ledger is None:
            continue
        reached = reach_of(actor, ledger)
        if not reached.covers(body):
            known = ledger.secrecy != "named" or reached
            raise SourceOutOfReach(ledger=ledger.label if known else _now("专人查阅的台账"))


def carried(declaration: Declaration, source: Ledger, into: Ledger) -> tuple[str, ...]:
    """Return the fields that go over as they are; masked ones only where they stay masked."""
    return tuple(
        each.code
        for each in into.fields
        if each.computed is None
        and each.code not in declaration.fill
        and (theirs := source.field(each.code)) is not None
        and not (theirs.personal and not each.personal)
    )


def left_to_fill(declaration: Declaration, source: Ledger, into: Ledger) -> tuple[LedgerField, ...]:
    """Return the needed fields of the taking ledger that whoever plans the draw fills in for all rows."""
    known = {*declaration.fill, *carried(declaration, source, into)}
    return tuple(
        each
        for each in into.fields
        if each.computed is None and (each.required or each.code in into.key) and each.code not in known
    )


def read_for(draw: Draw) -> Read:
    """Return what a draw reads, as of its moment.

    Raises:
        NotFound: a ledger is declared no more.
        BadQuery: a condition means nothing any more.
    """
    declaration, source = declaration_of(draw), access_declared(draw.source)
    into = current().ledgers.get(draw.ledger)
    used = [*declaration.each, *declaration.strata, *declaration.avoid, *(declaration.category or ())[:1]]
    used += [declaration.own] if declaration.own else []
    used += carried(declaration, source, into) if into else ()
    used += [slot for words in declaration.fill.values() for slot in _SLOT.findall(words)]
    frame = _listed(source, declaration, declaration.where, used, draw, since=draw.since, until=draw.until)
    if not declaration.again:
        frame = _without(frame, _drawn_by(draw, declaration.draw, draw.as_of))
    pool, relatives = Listed((), ""), frozenset[frozenset[str]]()
    if declaration.reviewers:
        theirs = [declaration.reviewer_name, *declaration.avoid, *(declaration.category or ())[1:]]
        pool = _listed(access_declared(declaration.reviewers), declaration, declaration.present, theirs, draw)
    if declaration.relatives is not None:
        kin = declaration.relatives
        read = _listed(access_declared(kin.ledger), declaration, None, [kin.person, kin.relative], draw)
        pairs = ((row.get(kin.person), row.get(kin.relative)) for row in read.rows)
        relatives = frozenset(frozenset((str(one), str(other))) for one, other in pairs if one and other)
    told = [pool.print, sorted(sorted(pair) for pair in relatives)]
    return Read(frame, pool, relatives, _print(told) if declaration.reviewers else "")


def drawn_since(draw: Draw, outcome: Outcome) -> int:
    """Return how many of *outcome* other draws of the same name took after the draw's moment, so that they may not be drawn again."""
    declaration = declaration_of(draw)
    if declaration.again:
        return 0
    return len(_drawn_by(draw, declaration.draw, timezone.now()) & outcome.rows.keys())


def _drawn_by(draw: Draw, code: str, then: datetime) -> frozenset[str]:
    """Return the keys that draws of the same name for the same bodies had taken at a moment, but for those taken back by then."""
    earlier = Draw.objects.filter(
        ledger=draw.ledger, source=draw.source, state=Draw.State.DONE, drawn_at__lt=then, declaration__draw=code
    ).exclude(pk=draw.pk)
    kept = earlier.filter(Q(batch__undone_at__isnull=True) | Q(batch__undone_at__gt=then)).order_by()
    mine = set(draw.bodies)
    return frozenset(
        str(each[0]) for drawn, bodies in kept.values_list("drawn", "bodies") if mine & set(bodies) for each in drawn
    )


def _without(listed: Listed, keys: frozenset[str]) -> Listed:
    """Return what is left of *listed*; its fingerprint is told by what was read and what was left out."""
    if not keys:
        return listed
    left = tuple(row for row in listed.rows if row[KEY] not in keys)
    gone = sorted(keys & {str(row[KEY]) for row in listed.rows})
    return Listed(left, _print([listed.print, gone])) if gone else listed


def draw_again(draw: Draw, read: Read | None = None) -> Outcome:
    """Return what the seed of a draw gives.

    Raises:
        NotFound: a ledger is declared no more.
        BadQuery: a condition means nothing any more.
        CannotDraw: nothing can be drawn, or too much.
    """
    declaration, read = declaration_of(draw), read or read_for(draw)
    if not read.frame.rows:
        raise CannotDraw(label=draw.label, reason=_now("期间内没有可以抽取的记录"))
    shares = drawing.draw_rows(declaration, read.frame.rows, key=KEY, seed=draw.seed)
    keys = [key for share in shares for key in share.drawn]
    if len(keys) > MOST_DRAWN:
        raise CannotDraw(label=draw.label, reason=_now("一次最多抽取 %(most)s 件") % {"most": MOST_DRAWN})
    if not keys:
        raise CannotDraw(label=draw.label, reason=_now("按这个比例和件数一件也抽不到"))
    by_key = {str(row[KEY]): row for row in read.frame.rows}
    rows = [by_key[key] for key in keys]
    asked = [Asked(key, "") for key in keys]
    if declaration.reviewers:
        asked = drawing.ask_reviewers(
            declaration, rows, read.pool.rows, key=KEY, seed=draw.seed, relatives=read.relatives
        )
    return Outcome(read, tuple(shares), tuple(asked), {key: by_key[key] for key in keys})


def redraw(draw: Draw, *, actor: Actor) -> Redrawn:
    """Draw again and compare with what is on record.

    Raises:
        SourceOutOfReach: the actor may not read all that the draw reads.
        NotFound, BadQuery, CannotDraw: the ledgers are declared otherwise now.
    """
    require_sources(actor, declaration_of(draw), draw.source, draw.body)
    again = draw_again(draw)
    return Redrawn(
        again.read.frame.print == draw.frame_print,
        again.read.pool_print == draw.pool_print,
        draw.algorithm == ALGORITHM and again.kept() == draw.drawn,
    )


def filled(draw: Draw, outcome: Outcome, into: Ledger, day: date) -> Iterator[dict[str, object]]:
    """Yield the values of each row to come, in the order drawn."""
    declaration, source = declaration_of(draw), access_declared(draw.source)
    over = carried(declaration, source, into)
    for number, each in enumerate(outcome.asked, start=1):
        row = outcome.rows[each.key]
        slots = {
            **{code: _word(value) for code, value in row.items()},
            "seed": draw.seed,
            "reviewer": each.reviewer or "",
        }
        slots |= {"day": day.isoformat(), "draw": f"{draw.pk:04d}", "n": f"{number:03d}"}
        made = {code: _fill(words, slots) for code, words in declaration.fill.items()}
        yield {**draw.values, **{code: row.get(code) for code in over}, **made}


def _listed(
    ledger: Ledger,
    declaration: Declaration,
    where: str | None,
    codes: Iterable[str],
    draw: Draw,
    *,
    since: date | None = None,
    until: date | None = None,
) -> Listed:
    """Return the rows of a ledger that count for a draw."""
    asked = list(dict.fromkeys(each for each in (*codes, *ledger.key) if ledger.field(each)))
    parts = ["NOT withdrawn", f"body_id IN ({', '.join(str(int(each)) for each in draw.bodies) or 'NULL'})"]
    if where is not None:
        parts.append(_condition(ledger, declaration, where, draw.as_of))
    dated = name(ledger.date or "")
    parts += [f"CAST({dated} AS DATE) >= DATE {text(since.isoformat())}"] if since else []
    parts += [f"CAST({dated} AS DATE) <= DATE {text(until.isoformat())}"] if until else []
    relation = relation_of(ledger, draw.as_of)
    columns = ", ".join(("row_id", *map(name, asked)))
    wanted = " AND ".join(f"({each})" for each in parts)
    found = run(f"SELECT {columns} FROM ({relation.sql}) WHERE {wanted} ORDER BY row_id", relation.parameters)
    lines = [[_plain(value) for value in line] for line in found]
    rows = [dict(zip(asked, line[1:], strict=True)) for line in lines]
    open_key = bool(ledger.key) and not any(each.personal for each in ledger.fields if each.code in ledger.key)
    taken: set[str] = set()
    for line, row in zip(lines, rows, strict=True):
        key = " ".join(_word(row[code]) for code in ledger.key) if open_key else str(line[0])
        row[KEY] = f"{key}#{line[0]}" if key in taken else key
        taken.add(key)
    return Listed(tuple(rows), _print([asked, *lines]))


def _condition(ledger: Ledger, declaration: Declaration, where: str, as_of: datetime) -> str:
    limits = in_force(Path(settings.ZHENGGAI_HOME)).limits
    found = look(
        where, table_of(ledger, current()), want=Type.BOOLEAN, parameters=parameters_of(declaration), limits=limits
    )[0]
    if found is None:
        raise BadQuery(label=ledger.label, reason=_now("抽取的条件有误，请检查台账格式"))
    return as_sql(found, as_of)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return write_decimal(value)
    return value


def _fill(words: str, slots: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda found: slots.get(found[1], ""), words)


def _word(value: Any) -> str:
    return "" if value is None else str(value)


def _print(value: object) -> str:
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return sha256(plain.encode()).hexdigest()
