"""Where the campaign, the data and the database lie: the settings that compiling and serving both need."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
"""The folder that holds the three packages."""


@dataclass(frozen=True)
class Settings:
    """What the environment says, with the defaults filled in."""

    checklist: Path
    """Folder of the campaign (``HUITOUKAN_CHECKLIST``)."""
    home: Path
    """Folder where data lies (``HUITOUKAN_HOME``)."""
    database: str
    """SQLAlchemy URL of the live database (``HUITOUKAN_DATABASE``)."""

    def make_home(self) -> None:
        """Makes the home where there is none; names and password hashes lie in it, so others may not look in."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings; an empty variable counts as one that is not set.

        The defaults lie in the project's folder, so that they are the same from whichever folder a command is run.
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
