"""Backups: everything that cannot be made again, in one file, and back from it into either database."""
