"""Finding publications by what they say, in Chinese: pairs of characters narrow down, a substring test decides.

A publication never changes, so its text is indexed once, by the clock of the task worker a few seconds after it was
published; until then it is looked at itself, so that the answer never depends on when that happens.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL

from zhenggai.kit.words import normal_text, occurs, pair_tokens, query_words, word_tokens
from zhenggai.notices.models import Publication
from zhenggai.portal.models import PublishedText

_BATCH = 200
_LOOKED_AT = 60
"""How many publications that are not indexed yet are looked at one by one."""


def condition_of(text: str) -> Q | None:
    """Return the condition that a publication holds every word of *text*; None when it has no words."""
    words = query_words(text)
    if not words:
        return None
    found = Q(pk__in=_indexed(words))
    fresh = Publication.objects.filter(search_text=None).order_by("-pk").values_list("pk", "title", "text")
    keys = [key for key, title, body in fresh[:_LOOKED_AT] if occurs(words, f"{title}\n{body}")]
    return found | Q(pk__in=keys) if keys else found


def index_new() -> int:
    """Put publications that are not in the index into it; return how many.

    It may run at any time and in several processes at once: who comes second finds the row taken and leaves it.
    """
    done = 0
    while keys := list(
        Publication.objects.filter(search_text=None).order_by("pk").values_list("pk", flat=True)[:_BATCH]
    ):
        done += _index(keys)
    return done


def rebuild() -> int:
    """Build the index anew; return how many publications it holds."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM portal_publishedtext")
            if connection.vendor == "sqlite":
                cursor.execute("INSERT INTO portal_published_pairs(portal_published_pairs) VALUES ('delete-all')")
        return index_new()


def _indexed(words: Sequence[str]) -> RawSQL:
    params: list[object] = [_expression(words)]
    checks = ""
    postgresql = connection.vendor == "postgresql"
    for word in words:
        if len(word) > 2:  # one and two characters are decided by the index alone
            checks += f" AND {'strpos' if postgresql else 'instr'}(texts.text, %s) > 0"
            params.append(word)
    if postgresql:
        source = "portal_publishedtext texts WHERE texts.pairs @@ %s::tsquery"
        return RawSQL(f"SELECT texts.publication_id FROM {source}{checks}", tuple(params))
    source = "portal_published_pairs"
    if checks:
        source += " JOIN portal_publishedtext texts ON texts.publication_id = portal_published_pairs.rowid"
    where = "portal_published_pairs MATCH %s"
    return RawSQL(f"SELECT portal_published_pairs.rowid FROM {source} WHERE {where}{checks}", tuple(params))


def _expression(words: Sequence[str]) -> str:
    """Return the query in the index's own language; tokens are hexadecimal, so nothing in them needs quoting."""
    terms: dict[str, None] = {}
    postgresql = connection.vendor == "postgresql"
    for word in words:
        for token in word_tokens(word):
            if postgresql:
                terms[f"'{token}':*" if len(word) == 1 else f"'{token}'"] = None
            else:
                terms[f'"{token}" *' if len(word) == 1 else f'"{token}"'] = None
    return (" & " if postgresql else " AND ").join(terms)


def _index(keys: Sequence[int]) -> int:
    with transaction.atomic():
        # Locked in one order, so that two processes at once do the work once, one after the other.
        locked = Publication.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
        texts = {found.pk: normal_text(f"{found.title}\n{found.text}") for found in locked.only("pk", "title", "text")}
        taken = set(PublishedText.objects.filter(pk__in=keys).values_list("pk", flat=True))
        fresh = {key: text for key, text in texts.items() if key not in taken}
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.executemany(
                    "INSERT INTO portal_publishedtext(publication_id, text, pairs)"
                    " VALUES (%s, %s, array_to_tsvector(%s::text[]))",
                    [(key, text, pair_tokens(text)) for key, text in fresh.items()],
                )
            else:
                cursor.executemany(
                    "INSERT INTO portal_publishedtext(publication_id, text) VALUES (%s, %s)", list(fresh.items())
                )
                cursor.executemany(
                    "INSERT INTO portal_published_pairs(rowid, pairs) VALUES (%s, %s)",
                    [(key, " ".join(pair_tokens(text))) for key, text in fresh.items()],
                )
    return len(fresh)
