"""Rules: SQL expressions of the campaign's YAML, checked at load, evaluated for one row as for a file."""
