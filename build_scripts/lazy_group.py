"""A click group with lazy imports of its commands, most of which need heavy libraries."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from build_scripts import click_chinese
from build_scripts.settings_file import BadSetting


def load(place: str) -> click.Command:
    """Import the command of ``module:name``, in Chinese."""
    module, name = place.split(":")
    command = getattr(import_module(module), name)
    assert isinstance(command, click.Command)
    return click_chinese.show(command)


class LazyGroup(click.Group):
    """A group that imports a command on first use."""

    def __init__(self, places: Mapping[str, str], help: str) -> None:
        super().__init__(help=help, context_settings={"help_option_names": ["-h", "--help"]})
        click_chinese.speak()
        click_chinese.show(self)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name, sorted."""
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None."""
        place = self._places.get(cmd_name)
        return load(place) if place else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; settings that can't be used are one message for all commands."""
        try:
            return super().invoke(ctx)
        except BadSetting as error:
            raise click.ClickException(str(error)) from error
