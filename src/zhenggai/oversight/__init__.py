"""Pressing for what is late, and looking again at what is done: letters, visits, look-backs, draws, evaluation.

Everything is written in ``oversight/actions/``, everything asked in ``oversight/queries/``.
"""
