"""The main menu, and the addresses of the pages that several templates lead to."""

from typing import Any

from flask import g, url_for

from build_scripts.roster.columns import roster_form
from checklist.visits import visit_forms
from forms_server.access import MATRIX, Role
from forms_server.returns.scope import may_read
from forms_server.services import services


def navigation() -> list[tuple[str, str]]:
    """Text and address of every entry that the signed-in account may open."""
    role: Role = g.account.role
    entries: list[tuple[str, str, dict[str, Any]]]
    entries = [("首页", "home.index", {})] if role is not Role.ADMIN else []
    entries += [("待销号", "inbox.index", {})]
    if visit_forms(services().campaign):
        entries += [("排查", "visits.index", {}), ("排查进度", "visits.progress", {})]
    entries += [
        (form.name, "records.index", {"form_id": form.id}) for form in services().campaign.record_forms
    ]
    entries += [
        ("Excel 台账", "ledgers.index", {}),
        *_roster(),
        ("零报告", "zero.index", {}),
        *_returns(),
        ("对账", "reconciliation.index", {}),
        ("公文", "documents.index", {}),
        ("账号管理", "accounts.index", {}),
        ("工作手册", "handbook.index", {}),
    ]
    return [
        (text, url_for(endpoint, **values))
        for text, endpoint, values in entries
        if role in MATRIX.get(endpoint, {}).get("GET", frozenset())
    ]


def _roster() -> list[tuple[str, str, dict[str, Any]]]:
    """The roster, where this campaign has one; who visits in one village meets it on the page of visits."""
    known = roster_form(services().campaign) is not None and g.account.village_code is None
    return [("农户名册", "roster.index", {})] if known else []


def _returns() -> list[tuple[str, str, dict[str, Any]]]:
    """The report and the return of one's own unit; every unit's for those who see several."""
    campaign, account = services().campaign, g.account
    if account.role in {Role.OFFICE, Role.INSPECTOR}:
        return [("报送", "returns.index", {})]
    if not may_read(account, account.unit_code):
        return []
    entries: list[tuple[str, str, dict[str, Any]]] = [
        ("报送", "returns.unit", {"unit_code": account.unit_code})
    ]
    if campaign.report_form:
        entries.insert(0, (campaign.report_form.name, "report.index", {}))
    return entries
