"""The pages of business ledgers: one generic set for every ledger that the packs declare."""
