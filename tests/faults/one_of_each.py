"""A row of every table that the audit covers, each with its audit row."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, insert

from forms_server import audit
from forms_server.db import tables
from forms_server.record_digests import COVERED, subject_id
from tests.builders import EAST, EAST_WILLOW, WEST
from tests.records.builders import ACCOUNTS, MORNING, record_id
from tests.records.conftest import account_row

PICTURE = b"large"
BY = ACCOUNTS["east"].id
_MOMENT = {"created_by": BY, "created_at": MORNING}
_RECORD = {
    "campaign_id": "small", "form_version": 1, "unit_code": EAST, "problem_type_id": "housing",
    "village_code": EAST_WILLOW, "householder": "金某某", "extra": {"note": "西屋", "a": 1}, "version": 1,
    "changed_at": MORNING, **_MOMENT,
}  # fmt: skip

ROWS: dict[str, dict[str, Any]] = {
    "account": account_row(ACCOUNTS["inspector"]),
    "account_request": {
        "id": record_id(12), "change": "reset", "account_id": BY, "details": {"role": "office"}, "asked_by": BY,
        "asked_at": MORNING,
    },
    "late_entry": {
        "id": record_id(14), "campaign_id": "small", "account_id": BY, "title": "登记问题", "action": "/records/x/new",
        "typed": [["content", "屋漏"]], "typed_at": MORNING, "received_at": MORNING, "state": "held",
    },
    "household": {
        "id": record_id(1), "campaign_id": "small", "number": "1001", "township_code": EAST,
        "village_code": EAST_WILLOW, "householder": "金某某", "people": 3, "active": True, "listed": True,
        "created_at": MORNING, "changed_at": MORNING,
    },
    "issue": _RECORD | {
        "id": record_id(2), "form_id": "household-issues", "state": "rectifying", "area_id": "guarantees",
        "household_id": record_id(1), "content": "屋漏", "deadline": date(2022, 8, 31), "extensions": 1,
    },
    "proposed_household": _RECORD | {
        "id": record_id(3), "form_id": "proposed-households", "state": "proposed", "reason": "大病",
    },
    "extension": {
        "id": record_id(4), "issue_id": record_id(2), "old_day": date(2022, 8, 20), "new_day": date(2022, 8, 31),
        "new_text": "8月底前", "reason": "下雨", "approved_by": BY, "approved_at": MORNING,
    },
    "extension_request": {
        "id": record_id(13), "issue_id": record_id(2), "version": 1, "old_day": date(2022, 8, 20),
        "new_day": date(2022, 8, 31), "new_kind": "month", "new_text": "8月底前", "reason": "下雨", "asked_by": BY,
        "asked_at": MORNING, "state": "open",
    },
    "transfer": {
        "id": record_id(16), "issue_id": record_id(2), "version": 1, "assists": False, "unit_code": WEST,
        "handed_to": "西岭镇", "units_before": "东河镇", "units_after": "西岭镇", "reason": "归西岭镇", "made_by": BY,
        "made_at": MORNING, "state": "open",
    },
    "finding": {
        "id": record_id(5), "campaign_id": "small", "record_table": "issue", "record_id": record_id(2),
        "unit_code": EAST, "way": "form", "content": "屋漏", **_MOMENT,
    },
    "possible_double": {
        "first_id": record_id(2), "second_id": record_id(6), "campaign_id": "small", "record_table": "issue",
        "state": "open", "asked_by": BY, "asked_at": MORNING,
    },
    "photo": {
        "id": record_id(7), "issue_id": record_id(2), "side": "before", "upload_sha256": "a" * 64,
        "sha256": sha256(PICTURE).hexdigest(), "width": 8, "height": 6, **_MOMENT,
    },
    "visit": {
        "id": record_id(8), "campaign_id": "small", "form_id": "household-issues", "unit_code": EAST,
        "household_id": record_id(1), "visited_on": date(2022, 8, 15), "state": "open", "items": 2, "answered": 1,
        "problems": 1, "version": 1, "extra": {}, "changed_at": MORNING, **_MOMENT,
    },
    "zero_report": {"campaign_id": "small", "unit_code": EAST, "problem_type_id": "water", **_MOMENT},
    "village_zero_report": {
        "campaign_id": "small", "unit_code": EAST, "village_code": EAST_WILLOW, "problem_type_id": "water",
        **_MOMENT,
    },
    "report_text": {
        "campaign_id": "small", "unit_code": EAST, "part_id": "result", "text": "已排查。", "version": 1,
        "changed_by": BY, "changed_at": MORNING,
    },
    "expected_return": {"campaign_id": "small", "unit_code": EAST, "due_at": MORNING + timedelta(days=9)},
    "signed_return": {
        "id": record_id(9), "campaign_id": "small", "unit_code": EAST, "number": 1, "content": "{}",
        "sha256": "0" * 64, "seal": "0" * 64, "signed_by": BY, "signed_name": "王某某", "signed_at": MORNING,
        "late": False, "state": "signed",
    },
    "return_scan": {
        "id": record_id(10), "return_id": record_id(9), "sha256": "1" * 64, "media_type": "image/png",
        "content": b"\x89PNG\x00\xff", "size": 6, **_MOMENT,
    },
    "import_batch": {
        "id": record_id(11), "campaign_id": "small", "unit_code": EAST, "kind": "ledger", "file_name": "台账.xlsx",
        "sha256": "2" * 64, "content": b"PK", "counts": {"new": 1}, "figures_before": [{"number": 1}], **_MOMENT,
    },
    "remembered_reading": {
        "campaign_id": "small", "unit_code": EAST, "question_key": "village:abc", "kind": "village",
        "label": "村", "typed": "柳树林", "answer": EAST_WILLOW, "meaning": "柳林村委会", "answered_by": BY,
        "answered_at": MORNING,
    },
    "handed_in_figure": {
        "campaign_id": "small", "unit_code": EAST, "problem_type_id": "water", "column_id": "found", "text": "3",
        "number": 3, "place": "附件2!C5", "handed_in_by": BY, "handed_in_at": MORNING,
    },
    "team": {"id": record_id(20), "campaign_id": "small", "name": "一组", **_MOMENT},
    "team_member": {
        "id": record_id(21), "team_id": record_id(20), "account_id": BY, "leads": True, "added_by": BY, "added_at": MORNING,
    },
    "assignment": {
        "id": record_id(22), "team_id": record_id(20), "unit_code": EAST, "first_day": date(2022, 8, 20),
        "last_day": date(2022, 8, 21), **_MOMENT,
    },
    "draw": {
        "id": record_id(23), "campaign_id": "small", "number": 1, "seed_sha256": "0" * 64, "sealed_by": BY,
        "sealed_at": MORNING, "seed": "a seed of sixteen", "plan": {"a": 1}, "list_sha256": "1" * 64, "drawn_by": BY,
        "drawn_at": MORNING,
    },
    "spot_visit": {
        "id": record_id(24), "campaign_id": "small", "draw_id": record_id(23), "household_id": record_id(1),
        "unit_code": EAST, "village_code": EAST_WILLOW, "answers": {"house-safe": "problem"}, "note": "无人",
        "begun_at": MORNING, **_MOMENT,
    },
    "spot_check": {
        "id": record_id(25), "campaign_id": "small", "draw_id": record_id(23), "issue_id": record_id(2),
        "unit_code": EAST, "verdict": "false", "words": "没有动工", "begun_at": MORNING, **_MOMENT,
    },
    "letter": {
        "id": record_id(27), "campaign_id": "small", "kind": "urging-letter", "number": 1, "mark": "督〔2022〕1号",
        "as_of": MORNING, "facts": {"单位": "东河镇"}, "answer_due": date(2022, 8, 27), "issued_by": BY,
        "issued_at": MORNING,
    },
    "register_row": {
        "id": record_id(29), "campaign_id": "small", "register_id": "work", "register_version": 1, "number": 1,
        "period": "2022-08", "unit_code": EAST, "township_code": EAST, "village_code": EAST_WILLOW, "state": "current",
        "ended": False, "extra": {"state": "away"}, "texts": {"person": "李某"}, "row_key": "0" * 64,
        "checked_on": date(2022, 8, 20), "version": 1, "changed_at": MORNING, **_MOMENT,
    },
    "exemption": {
        "id": record_id(30), "campaign_id": "small", "register_id": "work", "row_id": record_id(29), "check_id": "away",
        "reason": "已核实", "words": "已经入户看过", "until": date(2023, 8, 20), "rule_digest": "1" * 32,
        "read_digest": {"state": "2" * 32}, "state": "pending", "asked_by": BY, "asked_at": MORNING, "version": 1,
    },
    "inspection_finding": {
        "id": record_id(26), "campaign_id": "small", "number": 1, "unit_code": EAST, "issue_id": record_id(2),
        "way": "check", "check_id": record_id(25), "content": "没有动工", "state": "open", "claim_due": date(2022, 8, 23),
        **_MOMENT,
    },
}  # fmt: skip
"""By subject."""

FILE = {
    "entry_id": record_id(14),
    "position": 0,
    "field": "photos",
    "file_name": "屋.jpg",
    "content": b"\xff\xd8",
}
DRAWN = {
    "draw_id": record_id(23),
    "kind": "household",
    "subject_id": record_id(1),
    "group_code": EAST_WILLOW,
    "stratum": "others",
    "marks": "told",
    "rank": 1,
    "why": "told",
}
REPLACED = {
    "draw_id": record_id(23),
    "subject_id": record_id(1),
    "replacement_id": record_id(9),
    "reason": "全户外出",
    "replaced_by": BY,
    "replaced_at": MORNING,
}
ANSWER = {"visit_id": record_id(8), "item_id": "house-safe", "answer": "problem", "issue_id": record_id(2)}
ALIKE = {
    "finding_id": record_id(26),
    "issue_id": record_id(2),
    "linked_by": BY,
    "linked_at": MORNING,
}
MORE: dict[str, list[tuple[Table, dict[str, Any]]]] = {
    "visit": [(tables.visit_answer, ANSWER)],
    "late_entry": [(tables.late_file, FILE)],
    "letter": [(tables.letter_unit, {"letter_id": record_id(27), "unit_code": EAST, "answer": "已办。"})],
    "inspection_finding": [(tables.alike_issue, ALIKE)],
    "draw": [(tables.draw_row, DRAWN), (tables.draw_replacement, REPLACED)],
}
"""Rows of the other tables that belong to a record."""


def fill(connection: Connection) -> None:
    """Store them all, as the program does: the row first, then its audit row."""
    for account in (ACCOUNTS["east"], ACCOUNTS["east-principal"]):
        connection.execute(insert(tables.account).values(account_row(account)))
        audit.record(connection, MORNING, None, "account", account.id, "create")
    for subject, row in ROWS.items():
        connection.execute(insert(COVERED[subject][0].table).values(row))
        for table, more in MORE.get(subject, ()):
            connection.execute(insert(table).values(more))
        audit.record(connection, MORNING, ACCOUNTS["east"], subject, subject_id(subject, row), "create")
