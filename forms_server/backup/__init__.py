"""Backup and restore: all irreplaceable data in one file, portable between SQLite and PostgreSQL."""
