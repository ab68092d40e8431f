"""Everything that may be asked of the room."""
