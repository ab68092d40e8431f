"""The checks of layout, one family per module."""
