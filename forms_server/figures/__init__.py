"""Figures of the home pages: of a unit, and of the county."""
