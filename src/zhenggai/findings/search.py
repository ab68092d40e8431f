"""The search index of the record: kept in step inside the act that changes a finding, asked by the ledger.

One row of ``findings_searchtext`` per finding holds its normal form (:mod:`zhenggai.kit.words`). Beside it
stands an index of character pairs: on SQLite the FTS5 table ``findings_search_pairs`` (contentless, so its rows are
taken out with the tokens they were put in with), on PostgreSQL the column ``pairs`` (a ``tsvector`` without
positions) under a GIN index. Pairs narrow down; a substring test on the normal form decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from zhenggai.findings.models import Finding, Measure, ProgressEntry, SearchText
from zhenggai.kit.words import normalise, pair_tokens, query_words, word_tokens

_BATCH = 500


def matching_ids(text: str) -> RawSQL | None:
    """Return a subquery of the keys of findings that hold every word of *text*; None when it has no words."""
    words = query_words(text)
    if not words:
        return None
    params: list[object] = [_pairs_expression(words)]
    checks = ""
    for word in words:
        if len(word) > 2:  # one and two characters are decided by the index alone
            checks += f" AND {'strpos' if connection.vendor == 'postgresql' else 'instr'}(texts.text, %s) > 0"
            params.append(word)
    if connection.vendor == "postgresql":
        source = "findings_searchtext texts WHERE texts.pairs @@ %s::tsquery"
        return RawSQL(f"SELECT texts.finding_id FROM {source}{checks}", tuple(params))
    source = "findings_search_pairs JOIN findings_searchtext texts ON texts.finding_id = findings_search_pairs.rowid"
    if not checks:
        source = "findings_search_pairs"
    where = "findings_search_pairs MATCH %s"
    return RawSQL(f"SELECT findings_search_pairs.rowid FROM {source} WHERE {where}{checks}", tuple(params))


def _pairs_expression(words: Sequence[str]) -> str:
    """Return the query in the index's own language; tokens are hexadecimal, so nothing in them needs quoting."""
    terms: dict[str, None] = {}
    for word in words:
        for token in word_tokens(word):
            if connection.vendor == "postgresql":
                terms[f"'{token}':*" if len(word) == 1 else f"'{token}'"] = None
            else:
                terms[f'"{token}" *' if len(word) == 1 else f'"{token}"'] = None
    return (" & " if connection.vendor == "postgresql" else " AND ").join(terms)


def index_findings(ids: Iterable[int]) -> int:
    """Bring the index in step with the findings *ids*, in the caller's transaction; return how many."""
    keys = sorted(set(ids))
    for start in range(0, len(keys), _BATCH):
        _index_batch(keys[start : start + _BATCH])
    return len(keys)


def rebuild_search() -> int:
    """Build the index anew for all findings, withdrawn ones too; return how many."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM findings_searchtext")
            if connection.vendor == "sqlite":
                cursor.execute("INSERT INTO findings_search_pairs(findings_search_pairs) VALUES ('delete-all')")
        return index_findings(Finding.objects.order_by().values_list("pk", flat=True))


def _index_batch(keys: Sequence[int]) -> None:
    fresh = _normal_texts(keys)
    old = dict(SearchText.objects.filter(pk__in=keys).values_list("pk", "text"))
    changed = {key: text for key, text in fresh.items() if old.get(key) != text}
    if connection.vendor == "postgresql":
        _write_postgresql(changed)
    else:
        _write_sqlite(changed, old)


def _write_sqlite(changed: dict[int, str], old: dict[int, str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO findings_search_pairs(findings_search_pairs, rowid, pairs) VALUES ('delete', %s, %s)",
            [(key, " ".join(pair_tokens(old[key]))) for key in changed if key in old],
        )
        cursor.executemany(
            "INSERT INTO findings_searchtext(finding_id, text) VALUES (%s, %s)"
            " ON CONFLICT (finding_id) DO UPDATE SET text = excluded.text",
            list(changed.items()),
        )
        cursor.executemany(
            "INSERT INTO findings_search_pairs(rowid, pairs) VALUES (%s, %s)",
            [(key, " ".join(pair_tokens(text))) for key, text in changed.items()],
        )


def _write_postgresql(changed: dict[int, str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO findings_searchtext(finding_id, text, pairs) VALUES (%s, %s, array_to_tsvector(%s::text[]))"
            " ON CONFLICT (finding_id) DO UPDATE SET text = excluded.text, pairs = excluded.pairs",
            [(key, text, pair_tokens(text)) for key, text in changed.items()],
        )


def _normal_texts(keys: Sequence[int]) -> dict[int, str]:
    pieces: dict[int, list[str]] = {}
    findings = Finding.objects.filter(pk__in=keys).values_list(
        "pk", "no", "title", "description", "parent_title", "completion_criteria", "status_text", "due_text",
        "leader_text", "department_text", "assist_text", "owner_text", "supervisor_text",
        "leader__name", "department__name", "department__short_name", "owner__name", "aspect__title",
    )  # fmt: skip
    for key, *parts in findings:
        pieces[key] = [str(part) for part in parts if part]
    for key, name, short_name in Finding.assist_departments.through.objects.filter(finding_id__in=keys).values_list(
        "finding_id", "unit__name", "unit__short_name"
    ):
        pieces[key] += [name, short_name]
    measures = Measure.objects.filter(finding_id__in=keys, withdrawn_at=None).order_by("finding_id", "order", "id")
    for key, *parts in measures.values_list(
        "finding_id", "text", "progress", "leader_text", "department_text", "owner_text", "leader__name", "owner__name"
    ):
        pieces[key] += [str(part) for part in parts if part]
    entries: dict[int, list[str]] = defaultdict(list)
    progress = ProgressEntry.objects.filter(finding_id__in=keys).order_by("finding_id", "order", "id")
    for key, text in progress.values_list("finding_id", "text"):
        entries[key].append(text)
    return {key: "\n".join(normalise(part).text for part in parts + entries[key]) for key, parts in pieces.items()}
