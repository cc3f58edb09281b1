"""Visits: item-by-item inspection of a household or of a unit's own work; problems become issues immediately."""
