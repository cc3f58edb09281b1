"""Addresses that pages keep are those that Flask builds, wherever the server is mounted."""

import pytest
from flask import url_for

RECORD = {"form_id": "household-issues", "record_id": "6f1c2d3e-0a4b-4c5d-8e6f-7a8b9c0d1e2f"}


@pytest.mark.parametrize("mount", ["", "/huitoukan"])
def test_a_template_names_the_address_that_flask_builds(app, mount):
    in_template = app.jinja_env.globals["url_for"]
    plain = [
        rule.endpoint for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in rule.methods
    ]
    of_records = [
        rule.endpoint for rule in app.url_map.iter_rules() if rule.arguments == {"form_id", "record_id"}
    ]
    assert len(plain) > 20
    assert len(of_records) > 5
    asked = [
        *((endpoint, {}) for endpoint in plain),
        *((endpoint, RECORD) for endpoint in of_records),
        *((endpoint, {**RECORD, "form_id": "general-issues"}) for endpoint in of_records),
        ("static", {"filename": "app.css"}),
        ("records.show", {**RECORD, "_anchor": "photos"}),
        ("records.index", {"form_id": "household-issues", "state": "rectified"}),
    ]
    for _ in range(2):  # the second time from what is kept
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": mount}):
            for endpoint, values in asked:
                assert in_template(endpoint, **values) == url_for(endpoint, **values)
                assert in_template(endpoint, **values).startswith(f"{mount}/")
