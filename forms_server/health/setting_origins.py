"""The settings in force and where each came from, without passwords."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from build_scripts.setting_catalogue import SETTINGS, key_of
from build_scripts.settings import Settings, SettingValues

_EXAMPLE = "example.cn"
"""The host in the settings file that comes along (``deploy/huitoukan.toml``)."""

_PASSWORD = re.compile(r"(?<=://)([^/@:]*):[^/]*@")


class SettingOrigin(NamedTuple):
    """A setting, its value for people, and where it was set."""

    name: str
    value: str
    place: str


def setting_origins(values: SettingValues) -> Iterator[SettingOrigin]:
    """List every setting, those that are not set as defaults."""
    effective = Settings.from_environment(values)
    defaults = {
        "HUITOUKAN_CHECKLIST": str(effective.checklist),
        "HUITOUKAN_HOME": str(effective.home),
        "HUITOUKAN_DATABASE": effective.database,
    }
    for name in SETTINGS:
        if name in values:
            place = "环境变量" if values.place(name) == name else values.place(name)
            yield SettingOrigin(key_of(name), hidden(values[name]), place)
        else:
            yield SettingOrigin(key_of(name), hidden(defaults.get(name, "")), "默认")


def left_examples(values: SettingValues) -> list[SettingOrigin]:
    """The settings that still name the example's host: links in mails and on password slips would lead nowhere."""
    return [each for each in setting_origins(values) if _EXAMPLE in each.value]


def hidden(value: str) -> str:
    """Hide the password of an address."""
    return _PASSWORD.sub(r"\1:***@", value)
