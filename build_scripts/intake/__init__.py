"""Intake of workbooks: sandboxed reading, parsing, and comparison with the records."""
