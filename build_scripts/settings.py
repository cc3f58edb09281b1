"""Settings shared by compiling and serving: campaign, data folder, database."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from checklist.china_time import wall_clock

PROJECT = Path(__file__).resolve().parent.parent
"""The folder that holds the three packages."""


@dataclass(frozen=True)
class Settings:
    """The settings of the environment, with defaults."""

    checklist: Path
    """Folder of the campaign (``HUITOUKAN_CHECKLIST``)."""
    home: Path
    """Folder where data lies (``HUITOUKAN_HOME``)."""
    database: str
    """SQLAlchemy URL of the live database (``HUITOUKAN_DATABASE``)."""

    def make_home(self) -> None:
        """Create the home, private to its owner: it holds names and password hashes."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings; an empty variable counts as unset.

        Defaults are relative to the project's folder, not to the working directory.
        """
        home = Path(environ.get("HUITOUKAN_HOME") or PROJECT / "var").resolve()
        return cls(
            checklist=Path(
                environ.get("HUITOUKAN_CHECKLIST") or PROJECT / "checklist" / "2022-huitoukan"
            ).resolve(),
            home=home,
            database=environ.get("HUITOUKAN_DATABASE")
            or f"sqlite:///{(home / 'huitoukan.sqlite3').as_posix()}",
        )


def moment_now(environ: Mapping[str, str] = os.environ) -> datetime:
    """The wall-clock time in Asia/Shanghai to the minute, or the fixed one of a demonstration.

    Raises:
        ValueError: ``HUITOUKAN_NOW`` is no moment.
    """
    fixed = environ.get("HUITOUKAN_NOW")
    now = datetime.fromisoformat(fixed) if fixed else wall_clock()
    return now.replace(second=0, microsecond=0, tzinfo=None)
