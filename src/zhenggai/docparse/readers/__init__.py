"""Bytes of one format each to :class:`zhenggai.docparse.document.Document`; see ``base.py`` for the contract."""
