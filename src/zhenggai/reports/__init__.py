"""Papers written from the record: lists, plans, forms, progress reports, minutes; as Word by a template, Excel, PDF."""
