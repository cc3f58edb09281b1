"""Demonstration data: invented households and findings in the campaign's own units, made anew from one seed."""
