"""Import and export of workbooks: comparison with the database, and bulk storage."""
