"""One reader for both stores: rows in the database and snapshots on disk become one relation, asked by DuckDB.

:func:`zhenggai.ledgers.readers.relation.relation_of` makes the relation; :mod:`zhenggai.ledgers.readers.listing` asks it.
"""
