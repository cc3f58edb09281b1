"""Settings: the environment over one file, for service and commands alike; here what compiling and serving share."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from build_scripts.setting_catalogue import FILE_VARIABLE, SETTINGS
from build_scripts.settings_file import (
    BadSetting,
    SettingsFile,
    SettingValue,
    read_settings_file,
    shared_keys,
)
from checklist.china_time import wall_clock

PROJECT = Path(__file__).resolve().parent.parent
"""The folder that holds the three packages."""

SHIPPED_CAMPAIGN = PROJECT / "checklist" / "2022-huitoukan"
"""The campaign that comes with the program; ``init`` copies it into the home, where it is edited."""

RELEASED = PROJECT / "checklist" / "released"
"""Shipped campaigns of released versions, a zip each: the bases of folders that were edited where they lay."""

CAMPAIGNS = "campaigns"
"""Folder within a home that holds its campaigns."""

MACHINE_FILE = Path("/etc/huitoukan.toml")
"""The settings of a machine's service, for whichever home it names."""

HOME_FILE = "settings.toml"
"""The settings file within a home, for machines where ``/etc`` is not ours to write."""


class SettingValues(Mapping[str, str]):
    """Settings by the names of their environment variables; those that are not set, or empty, are left out."""

    def __init__(self, values: Mapping[str, SettingValue], files: tuple[SettingsFile, ...] = ()) -> None:
        self._values = {name: each for name, each in values.items() if each.text}
        self.files = files

    def __getitem__(self, name: str) -> str:
        return self._values[name].text

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def place(self, name: str) -> str:
        """Where a setting stands: a file and line, or the variable's name, also where it is not set."""
        return self._values[name].place if name in self._values else name

    def without_files(self, but: frozenset[str]) -> "SettingValues":
        """Only what the environment sets, and these settings from wherever they come."""
        kept = {name: each for name, each in self._values.items() if each.place == name or name in but}
        return SettingValues(kept, self.files)


def gather(environ: Mapping[str, str]) -> SettingValues:
    """Read the settings of the environment and of the settings files.

    ``/etc/huitoukan.toml`` counts for the home that it names. Where the environment names another home it is left
    out: a demonstration, a test or a second installation never reaches the county's database by it. A file that
    ``HUITOUKAN_SETTINGS`` names always counts.

    Raises:
        BadSetting: a file that can't be used, or a setting in two files.
    """
    if isinstance(environ, SettingValues):
        return environ
    said = {name: SettingValue(environ[name], name) for name in SETTINGS if environ.get(name)}
    files = [file for file in (_machine_file(environ),) if file]
    values = {**files[0].values, **said} if files else said
    own = read_settings_file(_home(values) / HOME_FILE)
    if own and all(own.path != file.path.resolve() for file in files):
        if "HUITOUKAN_HOME" in own.values:
            place = own.values["HUITOUKAN_HOME"].place
            raise BadSetting(f"{place} 不能写在数据目录自己的设置文件里：写在 {MACHINE_FILE}，或者去掉")
        faults = [fault for file in files for fault in shared_keys(file, own)]
        if faults:
            raise BadSetting("\n".join(faults))
        values = {**own.values, **values}
        files.append(own)
    return SettingValues(values, tuple(files))


def _machine_file(environ: Mapping[str, str]) -> SettingsFile | None:
    if named := environ.get(FILE_VARIABLE):
        file = read_settings_file(Path(named).absolute())
        if file is None:
            raise BadSetting(f"没有 {named} 这个设置文件：请核对 {FILE_VARIABLE}")
        return file
    file = read_settings_file(MACHINE_FILE)
    home = environ.get("HUITOUKAN_HOME")
    return file if file and (not home or _home(file.values) == Path(home).resolve()) else None


def _home(values: Mapping[str, SettingValue]) -> Path:
    named = values.get("HUITOUKAN_HOME")
    return Path(named.text).resolve() if named else default_home()


def default_home() -> Path:
    """Where data lies unless a setting says otherwise: beside the source, or in the working directory of a wheel."""
    is_source = (PROJECT / "pyproject.toml").is_file()
    return (PROJECT if is_source else Path.cwd()) / "var"


class FigureReaders(StrEnum):
    """Who may read the handbook's pages of figures."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    OFFICE = "office"


@dataclass(frozen=True)
class Settings:
    """The settings that compiling and serving share, with defaults."""

    checklist: Path
    """Folder of the campaign (``HUITOUKAN_CHECKLIST``)."""
    home: Path
    """Folder where data lies (``HUITOUKAN_HOME``)."""
    database: str
    """SQLAlchemy URL of the live database (``HUITOUKAN_DATABASE``)."""
    names_checklist: bool = field(default=True, kw_only=True)
    """Whether a setting names the campaign's folder; else it is the home's copy, or the shipped one until ``init``."""

    summary_pages: FigureReaders = field(default=FigureReaders.SIGNED_IN, kw_only=True)
    """Who may read the handbook's pages of figures (``HUITOUKAN_SUMMARY_PAGES``)."""
    address: str = field(default="", kw_only=True)
    """Public base URL of the server without a trailing slash; empty if unset (``HUITOUKAN_ADDRESS``)."""

    def make_home(self) -> None:
        """Create the home, private to its owner: it holds names and password hashes."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings; an empty variable counts as unset.

        Defaults are relative to the project's folder, not to the working directory; those of an installed wheel,
        which has no such folder, are relative to that.

        Raises:
            BadSetting: for a settings file that can't be used, or a value that makes no sense.
        """
        values = gather(environ)
        home = Path(values.get("HUITOUKAN_HOME") or default_home()).resolve()
        named = values.get("HUITOUKAN_CHECKLIST")
        own = home / CAMPAIGNS / SHIPPED_CAMPAIGN.name
        return cls(
            checklist=Path(named).resolve() if named else own if own.is_dir() else SHIPPED_CAMPAIGN,
            home=home,
            database=values.get("HUITOUKAN_DATABASE") or sqlite_url(home / "huitoukan.sqlite3"),
            names_checklist=bool(named),
            summary_pages=_figure_readers(values),
            address=_address(values),
        )


def sqlite_url(file: Path) -> str:
    """SQLAlchemy's URL of a database file; it decodes ``%41`` and ends a path at ``?``, and folders may have both."""
    return f"sqlite:///{file.as_posix().replace('%', '%25').replace('?', '%3F')}"


def _figure_readers(values: SettingValues) -> FigureReaders:
    name = "HUITOUKAN_SUMMARY_PAGES"
    text = values.get(name) or FigureReaders.SIGNED_IN
    if text not in set(FigureReaders):
        raise BadSetting(f"{values.place(name)} 只能是 {'、'.join(FigureReaders)}，现在是“{text}”")
    return FigureReaders(text)


def _address(values: SettingValues) -> str:
    value = values.get("HUITOUKAN_ADDRESS") or ""
    if value and not _is_address(value):
        raise BadSetting(
            f"{values.place('HUITOUKAN_ADDRESS')} 应写成 http://10.1.2.3:8000 这样，"
            f"只有主机和端口，后面没有路径，现在是“{value}”"
        )
    return value.rstrip("/")


def _is_address(value: str) -> bool:
    """Whether it is a valid base URL."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port  # which may be no number
    except ValueError:
        return False
    plain = value.isprintable() and not set(value) & set(" @?#\\")
    return parts.scheme in {"http", "https"} and bool(host) and not parts.path.strip("/") and plain


def moment_now(environ: Mapping[str, str] = os.environ) -> datetime:
    """The wall-clock time in Asia/Shanghai to the minute, or the fixed one of a demonstration.

    Raises:
        ValueError: ``HUITOUKAN_NOW`` is no moment.
    """
    fixed = environ.get("HUITOUKAN_NOW")
    now = datetime.fromisoformat(fixed) if fixed else wall_clock()
    return now.replace(second=0, microsecond=0, tzinfo=None)
