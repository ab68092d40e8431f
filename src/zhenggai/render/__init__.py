"""Rows and values → bytes that office software opens. Plain Python: no Django, no settings."""
