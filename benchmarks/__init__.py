"""Measurements of reading quality and speed, run by hand and by ``make``."""
