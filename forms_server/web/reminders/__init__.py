"""Reminders: the page, the calendar feed and the mail address; what units owe, with whom to telephone."""

from forms_server.web.reminders import reminder_pages, urging_page
from forms_server.web.reminders.reminder_pages import blueprint

__all__ = ["blueprint", "reminder_pages", "urging_page"]
