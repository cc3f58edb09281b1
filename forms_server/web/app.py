"""The Flask application."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, send_from_directory

from build_scripts.counting.annex_shape import shown
from build_scripts.handbook.stylesheet import PALETTE
from checklist import date_formats, overdue
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from forms_server.access import ROLE_NAMES
from forms_server.clock import Clock
from forms_server.db.engine import make_engine
from forms_server.db.write_guard import WriteGuard
from forms_server.server_settings import Config
from forms_server.services import Services
from forms_server.sight_log import SightLog
from forms_server.web import (
    accounts,
    audit_pages,
    compression,
    errors,
    fixed_addresses,
    gate,
    handbook_files,
    inspection,
    main_menu,
    packs,
    personal_data_page,
    records,
    registers,
    reminders,
    request_origin,
    response_headers,
    returns,
    supported_browsers_page,
    visits,
)
from forms_server.web.accounts import sign_in_pages
from forms_server.web.cookies import FlashCookies
from forms_server.web.figures import comparison_page, home_page, reconciliation_page, wall_page
from forms_server.web.form_requests import FormRequest
from forms_server.web.health import access_log, health_pages
from forms_server.web.imports import (
    attachment_pages,
    batch_pages,
    ledger_workbook_pages,
    readings_page,
    roster_pages,
)
from forms_server.web.outbox import late_pages, outbox_pages, scripted_posts
from forms_server.web.records import (
    doubles_page,
    inbox_page,
    namesakes_page,
    sent_back_page,
    zero_report_pages,
)
from forms_server.web.request_limits import MOST_BYTES_WITHOUT_FILES, MOST_PARTS
from forms_server.web.returns import document_pages, report_page

BLUEPRINTS = tuple(
    views.blueprint
    for views in (
        sign_in_pages,
        home_page,
        wall_page,
        handbook_files,
        personal_data_page,
        health_pages,
        accounts,
        doubles_page,
        inbox_page,
        sent_back_page,
        records,
        registers,
        visits,
        inspection,
        roster_pages,
        namesakes_page,
        zero_report_pages,
        ledger_workbook_pages,
        attachment_pages,
        readings_page,
        batch_pages,
        report_page,
        returns,
        reconciliation_page,
        comparison_page,
        document_pages,
        reminders,
        audit_pages,
        outbox_pages,
        packs,
        late_pages,
        supported_browsers_page,
    )
)

_DATE_FILTERS = {
    "day": date_formats.full_day,
    "short_day": date_formats.short_day,
    "moment": date_formats.full_moment,
    "as_of": date_formats.as_of,
    "clock_time": date_formats.clock_time,
    "days_left": overdue.days_left_words,
    "time_left": overdue.time_left_words,
}
"""Filters of templates that show a date or a time."""

Application = Flask
"""The application's type, for callers that do not import Flask."""


def create_app(config: Config, campaign: Campaign | None = None) -> Flask:
    """Application factory; reads the campaign once and connects to the database lazily.

    Args:
        config: the settings.
        campaign: a campaign that has been loaded; None to load the one of the settings.

    Raises:
        checklist.loading.loader.InvalidCampaign: where the campaign's folder has faults.
    """
    app = Flask(__name__, static_folder=None)
    app.request_class = FormRequest
    app.session_interface = FlashCookies()
    services = Services(
        campaign=campaign or load_campaign(config.checklist),
        engine=make_engine(config.database, config.audit_key(), WriteGuard(config.home)),
        clock=Clock(config.now),
        config=config,
    )
    app.extensions["huitoukan"] = services
    app.extensions["sights"] = SightLog()
    app.config.update(
        SECRET_KEY=config.secret_key(),  # signs the cookie with flashed messages; who someone is stands in the table
        SESSION_COOKIE_NAME="__Host-huitoukan-flash" if config.https else "huitoukan-flash",
        SESSION_COOKIE_SECURE=config.https,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MOST_BYTES_WITHOUT_FILES,
        MAX_FORM_PARTS=MOST_PARTS,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    # Not via the constructor, which would register OPTIONS before PROVIDE_AUTOMATIC_OPTIONS applies.
    app.static_folder = "static"
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=_static_file)
    app.url_defaults(_add_version)
    access_log.install(app)
    request_origin.install(app)
    gate.install(app)
    scripted_posts.install(app)
    response_headers.install(app)
    compression.install(app)
    errors.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _prepare_templates(app, services)
    return app


def _static_file(filename: str) -> Response:
    """Serve static files; the palette is the handbook's, for common colours."""
    if filename == PALETTE.name:
        return send_from_directory(PALETTE.parent, filename)
    return current_app.send_static_file(filename)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Name static files with a digest of their content: a new version's page never runs an old one's script."""
    if endpoint == "static" and "v" not in values:
        values["v"] = _digest(values["filename"])


@cache
def _digest(filename: str) -> str:
    path = PALETTE if filename == PALETTE.name else Path(__file__).parent / "static" / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else ""


def _prepare_templates(app: Flask, services: Services) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    fixed_addresses.install(app)
    main_menu.install(app)
    app.jinja_env.globals["annex_cell"] = shown
    app.jinja_env.filters |= _DATE_FILTERS

    @app.context_processor
    def _frame() -> dict[str, Any]:
        """Template context of every page."""
        campaign, account = services.campaign, g.get("account")
        return {
            "campaign": campaign,
            "account": account,
            "viewer": g.get("viewer"),
            "seen_until": g.session.seen_until if g.get("viewer") else None,
            "unit": campaign.unit_by_code.get(account.unit_code) if account else None,
            "role_names": ROLE_NAMES,
            "demo": services.config.demo,
            "as_of": services.clock.now(),
        }
