"""Each kind of rule: what the engine found → facts."""
