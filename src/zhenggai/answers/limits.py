"""How much is taken in how much time, and how large: by the rules of the body; counted in the database.

A limit that is spent is told by reading alone, so that a flood beyond it writes nothing.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from zhenggai.answers.errors import TooMany
from zhenggai.answers.models import Spent
from zhenggai.people.models import Unit
from zhenggai.policy.queries import latest_profile, policy_of


@dataclass(frozen=True, slots=True)
class Limit:
    """So much in so much time."""

    name: str
    """Stored in the key."""
    most: int
    """How often."""
    within: timedelta
    """In which time."""


SUPPLEMENTS = Limit("supplement", 10, timedelta(hours=1))
"""Supplements from one network address; asked before it is known whose rules hold, so no office sets it."""
GUESSES = Limit("guess", 10, timedelta(minutes=15))
"""Wrong receipt codes; it guards what others wrote, so no office sets it."""
MANY_FROM_ONE = 2
"""From how many answers from one address on a question is asked."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the rules of a body say about how much the public may send."""

    from_one: Limit
    """Answers from one network address within an hour."""
    from_one_a_day: Limit
    """Answers from one network address within a day."""
    altogether: Limit
    """Answers from everywhere within an hour."""
    words: int
    """Signs of an answer."""
    files: int
    """Files with an answer."""
    file_mb: int
    """Size of each file, in MB."""

    @property
    def most_bytes(self) -> int:
        """What is read of one form at most."""
        return (self.files * self.file_mb + 1) * 1024 * 1024


def limits_of(unit: Unit) -> Limits:
    """Return what the newest rules of a body say; one query."""
    policy = policy_of(latest_profile(unit))
    hour, day = timedelta(hours=1), timedelta(days=1)
    return Limits(
        Limit("one", policy.answer_hourly, hour),
        Limit("one-day", policy.answer_daily, day),
        Limit("all", policy.answer_hourly_all, hour),
        policy.answer_words,
        policy.answer_files,
        policy.answer_file_mb,
    )


def mark_of(address: str | None, now: datetime | None = None) -> str:
    """Return a keyed mark of a network address, the same for a week; addresses of version 6 by their network."""
    year, week, _day = timezone.localtime(now or timezone.now()).isocalendar()
    told = "unknown"
    if address:
        parsed = ipaddress.ip_address(address)
        told = str(ipaddress.ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)
    return salted_hmac("zhenggai.answers.origin", f"{year}-{week}:{told}", algorithm="sha256").hexdigest()


def require_room(*limits: tuple[Limit, str]) -> None:
    """Go on only when none of *limits* is spent; reads, and writes nothing.

    Raises:
        TooMany: one is.
    """
    now = timezone.now()
    keys = {_key(limit, of): limit for limit, of in limits}
    for row in Spent.objects.filter(key__in=keys, until__gt=now):
        if row.count >= keys[row.key].most:
            raise _too_many(row.until, now)


def spend(*limits: tuple[Limit, str]) -> None:
    """Count one on each of *limits*, in a transaction of its own that stays whatever the act comes to.

    Raises:
        TooMany: one is spent; what was counted before it stays counted.
    """
    for limit, of in limits:
        _spend(limit, _key(limit, of))


def used(limit: Limit, of: str = "") -> int:
    """Return how much of *limit* is used now."""
    row = Spent.objects.filter(key=_key(limit, of), until__gt=timezone.now()).first()
    return row.count if row else 0


def presses(mark: str, limits: Limits) -> bool:
    """Tell whether so much comes, from there or altogether, that a question is asked."""
    keys = {_key(limits.from_one, mark): MANY_FROM_ONE, _key(limits.altogether, ""): limits.altogether.most // 2}
    rows = Spent.objects.filter(key__in=keys, until__gt=timezone.now())
    return any(row.count >= keys[row.key] for row in rows)


def forget_old(now: datetime) -> int:
    """Drop counts that ran out; return how many."""
    return Spent.objects.filter(until__lt=now).delete()[0]


def _spend(limit: Limit, key: str) -> None:
    for _try in range(3):
        now = timezone.now()
        if Spent.objects.filter(key=key, until__gt=now, count__lt=limit.most).update(count=F("count") + 1):
            return
        row = Spent.objects.filter(key=key).first()
        if row is not None and row.until > now:
            raise _too_many(row.until, now)
        if row is not None:
            if Spent.objects.filter(pk=row.pk, until=row.until).update(count=1, until=now + limit.within):
                return
            continue
        try:
            with transaction.atomic():
                Spent.objects.create(key=key, count=1, until=now + limit.within)
        except IntegrityError:
            continue  # another one was faster
        return
    raise _too_many(timezone.now() + timedelta(minutes=1), timezone.now())


def _key(limit: Limit, of: str) -> str:
    return f"{limit.name}:{of}"


def _too_many(until: datetime, now: datetime) -> TooMany:
    return TooMany(minutes=max(1, -(-(until - now) // timedelta(minutes=1))))
