"""Importing files into ledgers: staged, matched, tried, written, and taken back as a whole."""
