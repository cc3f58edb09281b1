"""Letters on the work's progress in the register of letters: numbered once, with the figures of that moment."""

from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping

from build_scripts.documents.letter_templates import PROGRESS
from checklist.date_formats import full_day
from forms_server.desk import Desk, NotFound
from forms_server.inspection.letters import is_sent, permit_sending, words_of_letter, write_down
from forms_server.inspection.teams import Refused
from forms_server.records.live_record_source import live_records

_CIRCULAR, _REMINDER = PROGRESS
_ISSUES, _ROWS = "逾期问题编号", "逾期问题"


def send_progress(desk: Desk, letter_id: str, kind: str, unit_code: str = "") -> None:
    """Give a circular on progress, or a reminder of a unit's overdue issues, its number. Idempotent.

    Raises:
        NotAllowed: the account is not the office's.
        NotFound: no such kind or unit.
        Refused: the unit has no overdue issue, or figures do not agree.
    """
    # Lazy import: most requests need no documents.
    from build_scripts.counting.differences import Unreconciled
    from build_scripts.documents.document_facts import facts_of
    from build_scripts.documents.template_words import words_of as words_of_document

    permit_sending(desk)
    units = {each.code: each for each in desk.campaign.filing_units}
    unit = units.get(unit_code)
    if kind not in PROGRESS or (kind == _REMINDER) != (unit is not None):
        raise NotFound(unit_code)
    to = [unit.code] if unit else list(units)
    if is_sent(desk, letter_id, kind, to):
        return
    try:
        facts = facts_of(live_records(desk.connection), desk.campaign, desk.now.date(), unit)
    except Unreconciled as error:
        raise Refused("账目合不上，先到“对账”里核对好，再编文号。") from error
    if unit and not facts.overdue:
        raise Refused(f"{unit.name}没有逾期的问题，不用督办。")
    words = words_of_document(replace(facts, now=desk.now))
    # Names stay out of the register: the rows are read anew.
    kept = {name: value for name, value in words.items() if name not in {_ROWS, "发文号", "答复期限"}}
    write_down(desk, letter_id, kind, {**kept, _ISSUES: [each.id for each in facts.overdue if unit]}, to)


def words_of(desk: Desk, row: RowMapping) -> dict[str, Any]:
    """All placeholders of a letter's template, of supervision's and of progress."""
    words = words_of_letter(desk, row)
    if row["kind"] not in PROGRESS:
        return words
    from build_scripts.documents.overdue_issues import issues_by_id
    from build_scripts.documents.template_words import overdue_rows

    ids = row["facts"].get(_ISSUES, [])
    issues = (
        issues_by_id(live_records(desk.connection), desk.campaign, row["as_of"].date(), ids) if ids else []
    )
    # Figures are those of the moment; the mark and the day to answer are the register's.
    return words | {
        _ROWS: overdue_rows(issues),
        "发文号": row["mark"],
        "答复期限": full_day(row["answer_due"]),
    }
