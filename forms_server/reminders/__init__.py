"""Reminders on a page, in a calendar feed, and by e-mail."""
