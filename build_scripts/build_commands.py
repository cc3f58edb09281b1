"""The registry of this package's commands; ``forms_server.cli`` merges it with its own."""

from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "campaign": "build_scripts.campaign_command:campaign",
    "check": "build_scripts.check_command:check",
    "document": "build_scripts.documents.document_command:document",
    "export": "build_scripts.summary.export_command:export",
    "handbook": "build_scripts.handbook.handbook_command:handbook",
    "new": "build_scripts.authoring_commands:new",
    "schema": "build_scripts.authoring_commands:schema",
    "summary": "build_scripts.summary.summary_command:summary",
    "template": "build_scripts.workbooks.template_command:template",
}
"""Command name to ``module:attribute``, for lazy import."""
