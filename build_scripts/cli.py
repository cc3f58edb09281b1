"""The commands of this package; the top package puts them together with its own."""

import click

from build_scripts.authoring import new, schema
from build_scripts.check import check
from build_scripts.documents.command import document
from build_scripts.handbook.command import handbook
from build_scripts.summary.command import summary
from build_scripts.summary.export_command import export
from build_scripts.workbooks.command import template

commands: list[click.Command] = [check, document, export, handbook, summary, template, schema, new]
