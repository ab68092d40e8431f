"""Pages of notices: list, editor, figures, approval, what was published."""
