"""Visits: a household, or a unit's own work, looked at item by item; what is wrong becomes an issue at once."""
