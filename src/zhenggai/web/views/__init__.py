"""The views: each parses, asks one access, action or query, and answers."""
