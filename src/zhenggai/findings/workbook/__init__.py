"""The ledger as an Excel workbook: out with stable ids, changed by people, and back again."""
