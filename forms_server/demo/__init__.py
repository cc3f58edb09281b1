"""Demonstration data: invented households and findings in the campaign's own units, generated from one seed."""
