"""Validation and display of values: one judge for web form, workbook and API."""
