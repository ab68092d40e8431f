"""Workbooks (.xlsx, .xlsb, .xls, .ods) through calamine, measured before it is let near them."""
