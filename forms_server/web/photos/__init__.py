"""Photographs of an issue: upload, view, removal."""
