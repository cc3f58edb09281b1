"""Account management for the office and administrators: list, creation, password reset, disabling."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from checklist.model import Unit
from forms_server.access import SEEN, allowed
from forms_server.account import ROLE_NAMES, Account, Role
from forms_server.accounts import account_store
from forms_server.accounts.account_check import check_account
from forms_server.accounts.account_events import EVENTS
from forms_server.accounts.account_requests import (
    CHANGE_NAMES,
    AccountChange,
    ask,
    ask_new,
    open_requests,
    takes_two,
)
from forms_server.accounts.second_factor import accounts_with_factor
from forms_server.accounts.seeing_as import LASTS
from forms_server.db.engine import transaction
from forms_server.packs.pack_standing import revoke, with_packs
from forms_server.reminders.account_mail import tell_by_mail
from forms_server.web.accounts.account_forms import AccountForm
from forms_server.web.current_services import services

LONGEST = 60
"""Maximal length of a search."""

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.get("/")
def index() -> str:
    """List accounts by unit in the order of ``units.yml``, or search results."""
    used, words = services(), request.args.get("words", "")[:LONGEST].split()
    with used.engine.connect() as connection:
        accounts = [each for each in account_store.all_accounts(connection) if _is_meant(each, words)]
        waiting = open_requests(connection, used.clock.now())
        with_factor = accounts_with_factor(connection)
        packed = with_packs(connection, used.clock.now())
    sees_as = allowed(g.account.role, "accounts.see_as", "POST")
    by_unit = {code: list(group) for code, group in groupby(accounts, key=lambda account: account.unit_code)}
    groups = [(unit, by_unit.pop(unit.code, [])) for unit in used.campaign.unit_by_code.values()]
    gone = [account for group in by_unit.values() for account in group]
    return render_template(
        "accounts/index.html",
        groups=groups,
        gone=gone,
        villages=used.campaign.village_by_code,
        waiting=waiting,
        with_factor=with_factor,
        with_packs=packed,
        sees_as=sees_as,
        to_be_seen=lambda each: sees_as and not each.disabled and each.role in SEEN,
        seen_minutes=LASTS.seconds // 60,
        takes_two=lambda role: takes_two(AccountChange.RESET, role),
        words=" ".join(words),
        longest=LONGEST,
    )


def _is_meant(account: Account, words: Sequence[str]) -> bool:
    """Whether all search words occur in the names of the account, its unit or its village."""
    campaign = services().campaign
    unit = campaign.unit_by_code.get(account.unit_code)
    village = campaign.village_by_code.get(account.village_code or "")
    names = [account.name, account.display_name, *([unit.name, unit.full_name] if unit else [])]
    told = "\n".join([*names, village.name if village else ""]).casefold()
    return all(word.casefold() in told for word in words)


@blueprint.get("/new")
def new() -> str:
    """The form for a new account."""
    return render_template("accounts/new.html", form=_form(AccountForm(request.args)))


@blueprint.post("/new")
def create() -> tuple[str, int] | str | Response:
    """Create the account and show its one-use password once."""
    form = _form(AccountForm(request.form))
    account = _create(form) if form.validate() else None
    if account is None:
        return render_template("accounts/new.html", form=form), 422
    return account


def _create(form: AccountForm) -> str | Response | None:
    """Create and render the page with the password, or ask for a second person; None on errors beside their fields."""
    used = services()
    typed = {name: form[name].data or "" for name in ("name", "unit", "role", "village", "display_name")}
    checked = check_account(used.campaign, **typed)
    if isinstance(checked, dict):
        for name, sentence in checked.items():
            form[name].errors = [sentence]
        return None
    password, password_hash = account_store.hash_one_use()
    try:
        with transaction(used.engine) as connection:
            if takes_two(AccountChange.CREATE, checked.role, _roles_of(connection, checked.unit_code)):
                ask_new(connection, used.clock.now(), g.account, checked)
                return _asked(f"已申请新建账号“{checked.name}”")
            account_id = account_store.add(connection, used.clock.now(), g.account, checked, password_hash)
            account = _find(connection, account_id)
    except account_store.NameTaken:
        form.name.errors = ["已有同名账号，请换一个账号名"]
        return None
    return password_page(account, password, "已新建账号")


@blueprint.post("/<account_id>/reset")
def reset(account_id: str) -> str | Response:
    """Reset an account's password and show the one-use password once, or ask for a second person."""
    used = services()
    password, password_hash = account_store.hash_one_use()
    with transaction(used.engine) as connection:
        account = _find(connection, account_id)
        if takes_two(AccountChange.RESET, account.role):
            return _ask(connection, AccountChange.RESET, account)
        account_store.set_password(
            connection, used.clock.now(), g.account, account, password_hash, one_use=True
        )
    tell_by_mail(used, account, f"{g.account.shown_name}{EVENTS[AccountChange.RESET]}")
    return password_page(account, password, "已重置密码")


@blueprint.post("/<account_id>/reset-factor")
def reset_factor(account_id: str) -> Response:
    """Ask for a second person who confirms that an account's second factor is removed."""
    with transaction(services().engine) as connection:
        return _ask(connection, AccountChange.REMOVE_FACTOR, _find(connection, account_id))


def _ask(connection: Connection, change: AccountChange, account: Account) -> Response:
    ask(connection, services().clock.now(), g.account, change, account)
    return _asked(f"已申请{CHANGE_NAMES[change]}：“{account.name}”")


def _asked(what: str) -> Response:
    flash(f"{what}。要另一位办公室人员或者管理员确认后才生效。", "success")
    return redirect(url_for("accounts.requests"), 303)


def _roles_of(connection: Connection, unit_code: str) -> frozenset[Role]:
    accounts = account_store.all_accounts(connection)
    return frozenset(each.role for each in accounts if each.unit_code == unit_code)


@blueprint.post("/<account_id>/revoke-packs")
def revoke_packs(account_id: str) -> Response:
    """Have the account's field packs deleted as soon as their browsers reach the server."""
    used = services()
    with transaction(used.engine) as connection:
        account = _find(connection, account_id)
        number = revoke(connection, used.clock.now(), g.account, account.id)
    flash(f"已收回“{account.name}”的外带包 {number} 个：那些手机下次连上服务器时自动删除。", "success")
    return redirect(url_for("accounts.index"), 303)


@blueprint.post("/<account_id>/disable")
def disable(account_id: str) -> Response:
    """Disable an account; accounts cannot disable themselves."""
    if account_id == g.account.id:
        flash("不能停用自己的账号。", "danger")
        return redirect(url_for("accounts.index"), 303)
    return _set_disabled(account_id, True)


@blueprint.post("/<account_id>/enable")
def enable(account_id: str) -> Response:
    """Enable a disabled account."""
    return _set_disabled(account_id, False)


def _set_disabled(account_id: str, disabled: bool) -> Response:
    used = services()
    with transaction(used.engine) as connection:
        account = _find(connection, account_id)
        if not disabled and takes_two(AccountChange.ENABLE, account.role):
            return _ask(connection, AccountChange.ENABLE, account)
        account_store.set_disabled(connection, used.clock.now(), g.account, account, disabled)
    flash(f"已{'停用' if disabled else '启用'}账号“{account.name}”。", "success")
    return redirect(url_for("accounts.index"), 303)


def _find(connection: Connection, account_id: str) -> Account:
    account = account_store.find(connection, account_id)
    if account is None:
        abort(404)
    return account


def password_page(account: Account, password: str, heading: str) -> str:
    """Show a one-use password once."""
    unit = services().campaign.unit_by_code.get(account.unit_code)
    return render_template(
        "accounts/password.html", new_account=account, password=password, heading=heading, of_unit=unit
    )


def _form(form: AccountForm) -> AccountForm:
    """The form with its choices: units by name, roles by their Chinese names."""
    units: list[Unit] = list(services().campaign.unit_by_code.values())
    form.unit.choices = [("", "请选择单位"), *((unit.code, unit.name) for unit in units)]
    form.role.choices = [("", "请选择角色"), *((role.value, name) for role, name in ROLE_NAMES.items())]
    return form
