"""``/healthz``, ``/readyz`` and ``/metrics``: for monitors, without signing in and without secrets."""

import json
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path

from flask import Blueprint, Response, abort, request
from sqlalchemy import make_url

from forms_server.backup.backup_history import last_backup
from forms_server.health.metrics import Gauges
from forms_server.health.readiness import free_bytes, readiness
from forms_server.web.current_services import services
from forms_server.web.health.access_log import counters

blueprint = Blueprint("health", __name__)

_FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers; asks nothing of the database."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/readyz")
def ready() -> Response:
    """Whether requests can be served: database, migrations, disk; 503 if not."""
    used = services()
    found = readiness(used.engine, used.config.home)
    said = {name: "ok" if holds else "failed" for name, holds in found.items()}
    return Response(json.dumps(said), 200 if all(found.values()) else 503, content_type="application/json")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counters for Prometheus, to this machine only: a front that forwards a request names the other end."""
    if not _is_local():
        abort(404)
    return Response(counters().text(_gauges()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_local() -> bool:
    try:
        local = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        local = False
    return local and not any(name in request.headers for name in _FORWARDED)


def _gauges() -> Gauges:
    used = services()
    found = readiness(used.engine, used.config.home)
    backup = last_backup(used.config.home)
    url = make_url(used.config.database)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    size = file.stat().st_size if file and file.exists() else 0
    return {
        "huitoukan_up": (f"Version {version('huitoukan')}.", 1),
        "huitoukan_database_ready": ("Whether the database answers.", found["database"]),
        "huitoukan_migrations_ready": ("Whether the tables are of this version.", found["migrations"]),
        "huitoukan_disk_free_bytes": ("Free bytes on the home's disk.", free_bytes(used.config.home)),
        "huitoukan_database_bytes": ("Size of an SQLite database.", size),
        "huitoukan_last_backup_seconds": (
            "Age of the last backup; -1 if there is none.",
            (used.clock.now() - backup.made_at).total_seconds() if backup else -1,
        ),
    }
