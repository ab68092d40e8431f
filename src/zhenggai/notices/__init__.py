"""The public notice 通报: composed from the record, its figures bound and checked, approved, published, withdrawn."""
