"""Labels for open records: issues awaiting rectification, households awaiting registration."""

from checklist.model import RecordForm


def late_words(form: RecordForm) -> str:
    """Label of overdue records."""
    if form.clock and form.clock.within:
        return f"{form.clock.within.waiting}，已超过 {form.clock.within.days} 天"
    return "过了整改时限还没有整改"


def due_words(form: RecordForm) -> str:
    """Suffix for records due soon."""
    return f"到期限，{form.clock.within.waiting}" if form.clock and form.clock.within else "到整改时限"
