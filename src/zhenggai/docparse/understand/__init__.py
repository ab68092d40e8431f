"""A document understood: :class:`~zhenggai.docparse.document.Document` in, :class:`~zhenggai.docparse.draft.Draft` out.

The stations stand in the order in which they run: ``view`` (folded working text), ``units`` (pieces with one mark each),
``outline`` (levels), ``roles`` (which level is what), ``extract`` and ``tables`` (problems), ``facts`` and ``counts``
(what the paper says about itself), ``anomalies`` (damage and contradictions).  All are pure functions.
"""

from __future__ import annotations

from zhenggai.docparse.understand.engine import understand

__all__ = ["understand"]
