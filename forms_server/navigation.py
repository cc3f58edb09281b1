"""The main menu, and the addresses of the pages that several templates lead to."""

from typing import Any

from flask import g, url_for

from forms_server.access import MATRIX, Role
from forms_server.services import services


def navigation() -> list[tuple[str, str]]:
    """Text and address of every entry that the signed-in account may open."""
    role: Role = g.account.role
    entries: list[tuple[str, str, dict[str, Any]]]
    entries = [("首页", "home.index", {})] if role is not Role.ADMIN else []
    entries += [
        (form.name, "records.index", {"form_id": form.id}) for form in services().campaign.record_forms
    ]
    entries += [
        ("Excel 台账", "ledgers.index", {}),
        ("零报告", "zero.index", {}),
        ("账号管理", "accounts.index", {}),
        ("工作手册", "handbook.index", {}),
    ]
    return [
        (text, url_for(endpoint, **values))
        for text, endpoint, values in entries
        if role in MATRIX.get(endpoint, {}).get("GET", frozenset())
    ]
