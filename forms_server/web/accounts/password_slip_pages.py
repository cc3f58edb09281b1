"""Pages of password slips."""

from flask import g, render_template, request

from checklist.model import Unit
from forms_server.account import Account
from forms_server.accounts import account_store
from forms_server.accounts import password_slips as passwords
from forms_server.accounts.account_store import NewAccount
from forms_server.web.accounts.account_pages import blueprint
from forms_server.web.current_services import services

LOCAL = ("127.", "localhost", "[::1]")
"""Loopback hosts, which are useless on printed slips."""


@blueprint.route("/sheets", methods=["GET", "POST"])
def sheets() -> str | tuple[str, int]:
    """List a unit's missing accounts; creating them shows printable slips with one-use passwords."""
    unit = _unit()
    if unit is None:
        return _choose(unit)
    with services().engine.connect() as connection:
        accounts = [each for each in account_store.all_accounts(connection) if each.unit_code == unit.code]
    lacking, unused = (
        passwords.lacking(services().campaign, unit, accounts),
        passwords.unused(unit, accounts),
    )
    if request.method == "GET":
        return _choose(unit, lacking, unused)
    return _issue(unit, lacking, unused)


def _unit() -> Unit | None:
    units = {unit.code: unit for unit in services().campaign.filing_units}
    return units.get(request.values.get("unit", ""))


def _choose(
    unit: Unit | None,
    lacking: list[NewAccount] | None = None,
    unused: list[Account] | None = None,
    problem: str = "",
) -> str:
    return render_template(
        "accounts/password_slips.html", of_unit=unit, lacking=lacking or [], unused=unused or [], problem=problem,
        villages=services().campaign.village_by_code, address=_address(),
    )  # fmt: skip


def _address() -> str:
    """Server address to print; empty for loopback addresses."""
    return services().config.address or ("" if request.host.startswith(LOCAL) else request.host_url)


def _issue(unit: Unit, lacking: list[NewAccount], unused: list[Account]) -> str | tuple[str, int]:
    names, ids = set(request.form.getlist("new")), set(request.form.getlist("again"))
    new, again = [each for each in lacking if each.name in names], [each for each in unused if each.id in ids]
    if not new and not again:
        return _choose(unit, lacking, unused, "请至少勾选一个账号。"), 422
    used = services()
    sheet = passwords.issue(used.engine, used.clock.now(), g.account, new, again)
    with used.engine.connect() as connection:
        supplied = account_store.units_with_accounts(connection)
    without = [each for each in used.campaign.filing_units if each.code not in supplied]
    return render_template(
        "accounts/printed_slips.html", of_unit=unit, sheet=sheet, villages=used.campaign.village_by_code,
        address=_address(), without=without,
    )  # fmt: skip
