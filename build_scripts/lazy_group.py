"""A group of commands whose modules are imported when they are called: most need libraries that others don't."""

from collections.abc import Mapping
from importlib import import_module

import click

from build_scripts import click_chinese


def load(place: str) -> click.Command:
    """The command that ``module:name`` stands for, in Chinese."""
    module, name = place.split(":")
    command = getattr(import_module(module), name)
    assert isinstance(command, click.Command)
    return click_chinese.show(command)


class LazyGroup(click.Group):
    """A group that knows where its commands are, and imports one when it is asked for."""

    def __init__(self, places: Mapping[str, str], help: str) -> None:
        super().__init__(help=help, context_settings={"help_option_names": ["-h", "--help"]})
        click_chinese.speak()
        click_chinese.show(self)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name, in the order of the alphabet."""
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        place = self._places.get(cmd_name)
        return load(place) if place else None
