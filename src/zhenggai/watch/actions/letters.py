"""Drafting the letter that a rule offers: worded from its declaration with the rows of the alerts, kept with all letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.kit.errors import NotFound
from zhenggai.ledgers import codes as ledger_codes
from zhenggai.ledgers.access import PERSONAL, access_ledger, reach_of
from zhenggai.oversight.actions import draft_declared_letter
from zhenggai.oversight.models import Letter as Paper
from zhenggai.oversight.wording import Words as PaperWords
from zhenggai.oversight.wording import chinese_day
from zhenggai.packs.declarations import Ledger, Letter, Rule
from zhenggai.people.access import Actor, Operator, access_of
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import ROLES
from zhenggai.policy.queries import work_calendar
from zhenggai.watch import codes
from zhenggai.watch.access import HANDLE
from zhenggai.watch.actions.alerts import lock_alerts, tell, write_event
from zhenggai.watch.errors import BadValue, NoLetter
from zhenggai.watch.models import Alert, AlertLetter
from zhenggai.watch.scene import Row, Scene
from zhenggai.watch.settings import effective_rules
from zhenggai.watch.wording import BLANK, Words

_SLOT = re.compile(r"\{(\w+)\}")
MOST_ALERTS = 200
"""How many alerts one letter speaks of."""


@dataclass(frozen=True, slots=True)
class _Told:
    ledger: Ledger
    rule: Rule
    letter: Letter


def draft_alert_letter(
    alerts: Iterable[Alert], *, actor: Actor, units: Sequence[Unit] = (), people: Sequence[User] = ()
) -> Paper:
    """Draft the letter of a rule about some of its alerts; it goes to whom they concern unless told otherwise.

    Args:
        alerts: alerts of one rule.
        actor: who drafts it.
        units, people: to whom it goes; the departments and units of the alerts when both are empty.

    Raises:
        NotFound, NotAllowed, AlertNotOpen: an alert may not be handled.
        NoLetter: the rule offers none.
        BadValue: the alerts are of different rules, or too many.
        NoRecipient: it goes to nobody.
    """
    with transaction.atomic():
        move, found = lock_alerts(alerts, "letter", actor)
        if len({(alert.ledger, alert.rule, alert.watch_body_id) for alert in found}) > 1 or len(found) > MOST_ALERTS:
            reason = _now("一件函件只能写同一规则的预警，最多 %(most)s 条") % {"most": MOST_ALERTS}
            raise BadValue(label=_now("预警"), value=str(len(found)), reason=reason)
        told = _declared(actor, found[0])
        sender = sender_of(actor, found[0])
        if not units and not people:
            units, people = recipients_of(found, sender)
        words, due = compose(told, found, sender, actor, to="、".join(str(one) for one in (*units, *people)))
        paper = draft_declared_letter(
            sender, words, actor=actor, paper=told.letter.label, serial=told.letter.serial,
            template=f"{told.ledger.ledger}.{told.letter.letter}", reply_due_on=due, units=units, people=people,
        )  # fmt: skip
        AlertLetter.objects.bulk_create(AlertLetter(alert=alert, letter=paper) for alert in found)
        for alert in found:
            if alert.state == Alert.State.OPEN:
                alert.state, alert.handled_at = Alert.State.ACKNOWLEDGED, timezone.now()
                alert.handled_by = actor if isinstance(actor, User) else None
                alert.save(update_fields=["state", "handled_by", "handled_at"])
            write_event(alert, move, actor, paper.title)
            tell(actor, codes.LETTER_DRAFTED, alert, letter=paper.pk)
    return paper


def sender_of(actor: Actor, alert: Alert) -> Unit:
    """Return the body in whose name the actor writes about an alert: that of the post by which they handle it."""
    if not isinstance(actor, Operator):
        for post in access_of(actor).posts:
            role = ROLES.get(post.role)
            if role is not None and HANDLE in role.grants and alert.unit.path.startswith(post.body_path):
                found = Unit.objects.filter(path=post.body_path).first()
                if found is not None:
                    return found
    return alert.watch_body


def recipients_of(alerts: Iterable[Alert], sender: Unit) -> tuple[list[Unit], list[User]]:
    """Return the departments and units, or else the people, whom alerts concern."""
    units = {alert.unit_id: alert.unit for alert in alerts if alert.unit_id != sender.pk}
    people = {
        alert.person.pk: alert.person for alert in alerts if alert.person is not None and alert.unit_id == sender.pk
    }
    return list(units.values()), list(people.values())


def compose(
    told: _Told, alerts: Sequence[Alert], sender: Unit, actor: Actor, *, to: str
) -> tuple[PaperWords, date | None]:
    """Return the words of a letter about *alerts*, and the day of the answer."""
    today = timezone.localdate()
    due = _due(told.letter, today)
    slots = {
        "body": sender.name,
        "to": to or sender.name,
        "rule": told.rule.label,
        "count": str(len(alerts)),
        "as_of": chinese_day(today),
        "reply_due": chinese_day(due) if due else _now("期限内"),
        "source": told.rule.source,
        "message": "",
    }
    masked = not reach_of(actor, told.ledger, PERSONAL)
    with Scene(told.ledger, alerts[0].watch_body, timezone.now()) as scene:
        words = Words(told.ledger, today, scene.names, masked=masked)
        asked = [field.code for field in words.slots(told.letter.line)]
        rows = scene.rows((alert.rows[0] for alert in alerts if alert.rows), [*asked, *scene.columns_for(told.rule)])
    lines = [
        _fill(told.letter.line, words, rows.get(alert.rows[0], {}) if alert.rows else {}, _line(slots, number, alert))
        for number, alert in enumerate(alerts, start=1)
    ]
    if not masked:
        _tell_read(actor, told.ledger, words, asked, rows)
    paragraphs = [_fill(told.letter.opening, words, {}, slots), *lines]
    paragraphs += [_fill(text, words, {}, slots) for text in told.letter.closing]
    return PaperWords(_fill(told.letter.title, words, {}, slots), "\n".join(paragraphs), sender.name), due


def _declared(actor: Actor, alert: Alert) -> _Told:
    ledger = access_ledger(actor, alert.ledger)
    rule = next((each.rule for each in effective_rules(ledger, alert.watch_body) if each.rule.rule == alert.rule), None)
    if rule is None:
        raise NotFound
    letter = next((each for each in ledger.letters if each.letter == rule.letter), None)
    if letter is None:
        raise NoLetter(rule=rule.label)
    return _Told(ledger, rule, letter)


def _due(letter: Letter, today: date) -> date | None:
    if letter.reply_days is None:
        return None
    if letter.reply_workdays:
        return work_calendar().add_workdays(today, letter.reply_days)
    return today + timedelta(days=letter.reply_days)


def _line(slots: Mapping[str, str], number: int, alert: Alert) -> dict[str, str]:
    due = {"due": chinese_day(alert.due_on)} if alert.due_on else {}
    return {**slots, **due, "n": str(number), "message": alert.message}


def _fill(text: str, words: Words, row: Row, slots: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] in slots:
            return slots[match[1]]
        field = words.fields.get(match[1]) or words.by_label.get(match[1])
        return (words.shown(field.code, row.get(field.code)) or BLANK) if field is not None else match[0]

    return _SLOT.sub(value, text)


def _tell_read(actor: Actor, ledger: Ledger, words: Words, asked: Sequence[str], rows: Mapping[str, Row]) -> None:
    """Tell the trail that personal data went into a letter unmasked."""
    marked = [code for code in asked if words.fields[code].personal is not None]
    shown = sorted({code for code in marked for row in rows.values() if row.get(code) is not None})
    if shown:
        record(
            actor=actor, code=ledger_codes.PERSONAL_READ, object_type="ledger", object_id=ledger.ledger,
            object_label=ledger.label, data={"rows": sorted(rows), "fields": shown, "asked": "letter"},
        )  # fmt: skip
