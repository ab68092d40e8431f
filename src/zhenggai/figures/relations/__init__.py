"""One module for each family of relations; each takes a page laid out and returns claims."""
