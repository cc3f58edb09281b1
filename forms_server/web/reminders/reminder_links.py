"""Links to the pages behind reminders, for mails that are written outside of a request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import url_for

from checklist.model import Campaign
from forms_server.reminders.due_reminders import Reminder
from forms_server.server_settings import Config
from forms_server.web.app import create_app


@contextmanager
def reminder_links(config: Config, campaign: Campaign) -> Iterator[Callable[[Reminder], str]]:
    """Return a function from reminders to absolute URLs below ``HUITOUKAN_ADDRESS``."""
    with create_app(config, campaign).test_request_context(base_url=config.address or None):
        yield lambda reminder: f"{config.address}{_path(reminder)}"


def _path(reminder: Reminder) -> str:
    values: dict[str, Any] = dict(reminder.arguments)
    return url_for(reminder.endpoint, **values)
