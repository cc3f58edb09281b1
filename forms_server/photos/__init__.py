"""Photographs as evidence: re-encoded, stored outside the web root, served with access control."""
