"""What is said of records that wait: issues for their rectification, households for their entry in the system."""

from checklist.model import RecordForm


def late_words(form: RecordForm) -> str:
    """Of those that have waited too long."""
    if form.clock and form.clock.within:
        return f"{form.clock.within.waiting}，已超过 {form.clock.within.days} 天"
    return "过了整改时限还没有整改"


def due_words(form: RecordForm) -> str:
    """Of those whose day is near: behind the day."""
    return f"到期限，{form.clock.within.waiting}" if form.clock and form.clock.within else "到整改时限"
