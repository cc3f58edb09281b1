"""Account management for the office and administrators: list, creation, password reset, disabling."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from checklist.model import Unit
from forms_server.account import ROLE_NAMES, Account
from forms_server.accounts import account_store
from forms_server.accounts.account_check import check_account
from forms_server.db.engine import transaction
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
    by_unit = {code: list(group) for code, group in groupby(accounts, key=lambda account: account.unit_code)}
    groups = [(unit, by_unit.pop(unit.code, [])) for unit in used.campaign.unit_by_code.values()]
    gone = [account for group in by_unit.values() for account in group]
    return render_template(
        "accounts/index.html",
        groups=groups,
        gone=gone,
        villages=used.campaign.village_by_code,
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
def create() -> tuple[str, int] | str:
    """Create the account and show its one-use password once."""
    form = _form(AccountForm(request.form))
    account = _create(form) if form.validate() else None
    if account is None:
        return render_template("accounts/new.html", form=form), 422
    return account


def _create(form: AccountForm) -> str | None:
    """Create and render the page with the password; None on errors, which are shown beside their fields."""
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
            account_id = account_store.add(connection, used.clock.now(), g.account, checked, password_hash)
            account = _find(connection, account_id)
    except account_store.NameTaken:
        form.name.errors = ["已有同名账号，请换一个账号名"]
        return None
    return _password_page(account, password, "已新建账号")


@blueprint.post("/<account_id>/reset")
def reset(account_id: str) -> str:
    """Reset an account's password and show the one-use password once."""
    used = services()
    password, password_hash = account_store.hash_one_use()
    with transaction(used.engine) as connection:
        account = _find(connection, account_id)
        account_store.set_password(
            connection, used.clock.now(), g.account, account, password_hash, one_use=True
        )
    return _password_page(account, password, "已重置密码")


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
        account_store.set_disabled(connection, used.clock.now(), g.account, account, disabled)
    flash(f"已{'停用' if disabled else '启用'}账号“{account.name}”。", "success")
    return redirect(url_for("accounts.index"), 303)


def _find(connection: Connection, account_id: str) -> Account:
    account = account_store.find(connection, account_id)
    if account is None:
        abort(404)
    return account


def _password_page(account: Account, password: str, heading: str) -> str:
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
