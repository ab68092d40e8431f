"""Rules and indicators run over ledgers: alerts, letters due, criteria of findings, rebound."""
