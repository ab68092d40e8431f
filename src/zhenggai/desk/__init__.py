"""What waits for whom, what in the record does not fit together, and the pictures of a round. Nothing here writes."""
