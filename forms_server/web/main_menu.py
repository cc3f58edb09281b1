"""The main menu: frequent entries at the top level, the rest grouped to fit on a phone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, current_app, g, request

from build_scripts.intake.roster_columns import roster_form
from checklist.visit_forms import visit_forms
from forms_server.access import MATRIX, OVERSEERS, READERS
from forms_server.scope import in_township, may_read_return
from forms_server.web.current_services import services
from forms_server.web.fixed_addresses import fixed_address

_Target = tuple[str, str, dict[str, Any]]
"""Text, endpoint and the values of its address."""


@dataclass(frozen=True)
class MenuEntry:
    """A link of the menu."""

    text: str
    address: str
    current: str = ""
    """As ``aria-current`` has it: ``page`` where it leads to the page that is open, ``true`` where to one above it."""


@dataclass(frozen=True)
class MenuGroup:
    """Entries under one heading; one that has a single entry is that entry."""

    text: str
    entries: tuple[MenuEntry, ...]

    @property
    def is_current(self) -> bool:
        """Whether the page that is open stands in it."""
        return any(entry.current for entry in self.entries)


def navigation() -> list[MenuGroup]:
    """Every entry that the signed-in account may open."""
    groups = _menu()
    nearest = _nearest([entry.address for group in groups for entry in group.entries])
    return [_marked(group, nearest) for group in groups]


def install(app: Flask) -> None:
    """Let the frame of the pages show the menu; what an account may open is found out once a process."""
    app.extensions[_KEPT] = {}
    app.jinja_env.globals["navigation"] = navigation


_KEPT = "menus"
_MOST = 1_000
"""Menus that are kept at once: one for each role and place."""


def _menu() -> list[MenuGroup]:
    """The account's menu before the open page is marked in it."""
    kept: dict[object, list[MenuGroup]] = current_app.extensions[_KEPT]
    account = g.account
    key = request.script_root, account.role, account.unit_code, account.village_code
    found = kept.get(key)
    if found is None:
        if len(kept) >= _MOST:
            kept.clear()
        found = kept[key] = [group for each in _groups() if (group := _open_to_account(*each)).entries]
    return found


def _open_to_account(name: str, targets: list[_Target]) -> MenuGroup:
    role = g.account.role
    return MenuGroup(name, tuple(
        MenuEntry(text, fixed_address(endpoint, **values)) for text, endpoint, values in targets
        if role in MATRIX.get(endpoint, {}).get("GET", frozenset())
    ))  # fmt: skip


def _groups() -> Iterator[tuple[str, list[_Target]]]:
    campaign = services().campaign
    visits = bool(visit_forms(campaign))
    if g.account.role in READERS:
        yield "首页", [("首页", "home.index", {})]
    yield "待销号", [("待销号", "inbox.index", {})]
    yield "排查", [("排查", "visits.index", {}), *_pack()] if visits else []
    yield (
        "台账",
        [
            *((form.name, "records.index", {"form_id": form.id}) for form in campaign.record_forms),
            ("Excel 台账", "ledgers.index", {}),
            ("批量收表", "attachments.index", {}),
            ("可能重复", "doubles.index", {}),
            ("同名待定", "namesakes.index", {}),
            ("迟到的记录", "late.index", {}),
            ("退回记录", "sent_back.index", {}),
            *_roster(),
            *([("排查进度", "visits.progress", {}), ("外带情况", "packs.phone_list", {})] if visits else []),
        ],
    )
    yield (
        "报送",
        [
            ("零报告", "zero.index", {}),
            *_returns(),
            ("对账", "reconciliation.index", {}),
            ("对比", "comparison.index", {}),
            ("公文", "documents.index", {}),
        ],
    )
    yield "长期台账", [("长期台账", "registers.registers", {})] if campaign.registers else []
    yield "督导", [("督导安排", "inspection.plan", {}), *_inspection()]
    yield (
        "提醒",
        [("提醒", "reminders.index", {}), ("催办", "reminders.urging", {}), ("大屏", "wall.index", {})],
    )
    yield "审计", [("审计", "audit.index", {})]
    yield "账号管理", [("账号管理", "accounts.index", {})]
    yield "工作手册", [("工作手册", "handbook.index", {})]


def _nearest(addresses: list[str]) -> str:
    """The address of the page that is open, or of the nearest one above it."""
    path = request.path
    above = [each for each in addresses if path == each or (each != "/" and path.startswith(each))]
    return max(above, key=len, default="")


def _marked(group: MenuGroup, nearest: str) -> MenuGroup:
    if all(entry.address != nearest for entry in group.entries):
        return group
    current = "page" if request.path == nearest else "true"
    return replace(group, entries=tuple(
        replace(entry, current=current) if entry.address == nearest else entry for entry in group.entries
    ))  # fmt: skip


def _roster() -> list[_Target]:
    """The roster, where this campaign has one; who visits in one village meets it on the page of visits."""
    known = roster_form(services().campaign) is not None and g.account.village_code is None
    return [(services().campaign.roster.name, "roster.index", {})] if known else []


def _pack() -> list[_Target]:
    """The field pack, for those who work in villages."""
    campaign, account = services().campaign, g.account
    takes = account.reads_assigned_units or in_township(campaign, account)
    return [("外带包", "packs.index", {})] if takes else []


def _returns() -> list[_Target]:
    """The report and the return of one's own unit; every unit's for those who see several."""
    campaign, account = services().campaign, g.account
    if account.role in OVERSEERS:
        return [("报送", "returns.index", {})]
    if not may_read_return(account, account.unit_code):
        return []
    entries: list[_Target] = [("报送", "returns.unit", {"unit_code": account.unit_code})]
    if campaign.report_form:
        entries.insert(0, (campaign.report_form.name, "report.index", {}))
    return entries


def _inspection() -> list[_Target]:
    """What is drawn, looked at and found, where this campaign has supervision on the spot."""
    if services().campaign.inspection is None:
        return []
    return [
        ("抽样", "inspection.draws", {}),
        ("督导名单", "inspection.index", {}),
        ("督导反馈", "inspection.findings_page", {}),
        ("通报和督办", "inspection.letters", {}),
        ("自查与督导", "inspection.rates", {}),
    ]
