"""The stories of forms and printing in old Chromiums: ``make oldbrowsers``, or ``python -m tests.old_browsers``."""
