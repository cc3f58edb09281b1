"""What a field accepts and how it is shown: one judge for web form, workbook and API."""
