"""Engines that run plans: :mod:`~zhenggai.rulesql.engines.duckdb`, and :mod:`~zhenggai.rulesql.engines.spark` where installed."""
