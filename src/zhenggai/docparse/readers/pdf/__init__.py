"""PDF with a text layer: characters by position to lines, lines to paragraphs, ruled lines to tables."""
