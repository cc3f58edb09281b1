"""The way of one posted 已整改 through the modules; ``benchmarks.structure`` runs this as a test of a revision.

Written are the project's modules in the order in which the calls enter them, one after another never the same. The
second post is looked at: the first one also compiles templates.
"""

import json
import os
import sys
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from uuid import UUID

from tests.builders import EAST
from tests.server.pages import token
from tests.server.records import HOUSEHOLD, ISSUE, file

try:
    from forms_server.account import Role
except ModuleNotFoundError:  # as in revisions before 2026-11
    from forms_server.accounts.account import Role

PACKAGES = ("checklist", "build_scripts", "forms_server")
TREE = Path(__file__).parents[2]


def module_of(code: CodeType) -> str | None:
    """The project's module that a function stands in."""
    path = Path(code.co_filename)
    if not path.is_relative_to(TREE) or path.suffix != ".py":
        return None
    name = path.relative_to(TREE).as_posix()
    return name if name.split("/")[0] in PACKAGES else None


def test_one_posted_form(app: Any, signed_in: Any) -> None:
    """Reports two issues rectified and writes down the way of the second."""
    client = signed_in(EAST, Role.REPORTER)
    way: list[str] = []

    def look(frame: FrameType, event: str, _: object) -> None:
        name = module_of(frame.f_code) if event == "call" else None
        if name and (not way or way[-1] != name):
            way.append(name)

    def report(number: int) -> int:
        address = str(file(client, HOUSEHOLD, str(UUID(int=number)), **ISSUE).location)
        fields = {"outcome": "已修好。", "rectified_on": "2022-08-19", "base-version": "1"}
        fields["csrf_token"] = token(client, "/password")
        way.clear()
        sys.setprofile(look)
        try:
            return int(client.post(f"{address}/report", data=fields).status_code)
        finally:
            sys.setprofile(None)

    report(1)
    assert report(2) == 303
    Path(os.environ["TRACED"]).write_text(json.dumps(way), encoding="utf-8")
