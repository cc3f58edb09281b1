"""Reminders: the page, the calendar feed and the mail address."""
