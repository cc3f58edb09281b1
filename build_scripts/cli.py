"""The commands of this package; the top package puts them together with its own."""

from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "check": "build_scripts.check:check",
    "document": "build_scripts.documents.command:document",
    "export": "build_scripts.summary.export_command:export",
    "handbook": "build_scripts.handbook.command:handbook",
    "new": "build_scripts.authoring:new",
    "schema": "build_scripts.authoring:schema",
    "summary": "build_scripts.summary.command:summary",
    "template": "build_scripts.workbooks.command:template",
}
"""Each command's name, and where it is: it is imported when it is called."""
