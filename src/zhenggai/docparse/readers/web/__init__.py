"""Pages as published: parsed, freed of their chrome, and set out as paragraphs and tables."""
