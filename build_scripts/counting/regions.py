"""Sources with several counties: the county of each unit, and the cities and provinces above.

An export names its county in every row (``county_code``), and lists the county's filing units in a table of its own:
county units have short codes such as ``shuiliju``, which are not unique across counties. Where records carry a county,
the query sees ``341322/shuiliju`` as their unit.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from build_scripts.counting.count_query import UNIT_TABLE, VILLAGE_TABLE, Line, Records, require_tables
from checklist.model import Campaign, Unit

Level = Literal["province", "city", "county"]

LEVELS: dict[Level, int] = {"province": 2, "city": 4, "county": 6}
"""Number of leading digits of the official code that identify province, city and county."""

_COUNTY = "county_code"
_SEVERAL = "各省合计"
_OF_UNIT = ("county_code", "county", "city", "province", "unit_code", "unit", "position")


@dataclass(frozen=True)
class Region:
    """A province, city or county with the units below it."""

    level: Level
    code: str
    """Its official code of six digits."""
    name: str
    units: tuple[str, ...]
    """Codes of the filing units, as the records have them."""


@dataclass(frozen=True)
class CountyScope:
    """The filing units of a source, and the regions above them."""

    units: tuple[Unit, ...]
    regions: tuple[Region, ...] = ()
    """The tree of provinces, cities and counties; empty if the source holds only the campaign's county."""
    name: str = ""
    """The name for all units together."""


def county_code(campaign: Campaign) -> str:
    """Return the county's official code, the prefix of its townships' codes; without townships the office's code."""
    townships = campaign.units.townships
    return townships[0].code[: LEVELS["county"]] if townships else campaign.units.office.code


def view_of(table: str, columns: Set[str]) -> str:
    """Return a query on ``<table>_file`` with unit codes made unique across counties."""
    # Unquoted, as engines disagree on quotes: columns of other shapes are foreign and left out.
    names = sorted(column for column in columns if re.fullmatch("[a-z_]+", column))
    if table not in {UNIT_TABLE, VILLAGE_TABLE} and _COUNTY in names:
        names.remove("unit_code")
        names.append("COALESCE(county_code || '/', '') || unit_code AS unit_code")
    return f"SELECT {', '.join(names)} FROM {table}_file"  # noqa: S608


def own_scope(campaign: Campaign) -> CountyScope:
    """Return the campaign's own units, from ``units.yml``."""
    return CountyScope(campaign.filing_units, name=campaign.notice.county)


def scope_of(records: Records, campaign: Campaign) -> CountyScope:
    """Return the units that must report in a source.

    Raises:
        BadSource: its list of units lacks a column.
    """
    own = county_code(campaign)
    listed = _listed(records) if UNIT_TABLE in records.columns else []
    if {str(line[0]) for line in listed} <= {own}:
        return own_scope(campaign)
    # Every county has a 水利局: unit names are prefixed with the county's.
    units = tuple(
        Unit.model_construct(code=f"{line[0]}/{line[4]}", name=f"{line[1]} {line[5]}") for line in listed
    )
    regions = tuple(_regions(listed, units))
    widest = [region for region in regions if len(region.units) == len(units)]
    return CountyScope(units, regions, widest[-1].name if widest else _SEVERAL)


def _listed(records: Records) -> Sequence[Line]:
    require_tables({UNIT_TABLE: records.columns[UNIT_TABLE]}, {UNIT_TABLE: set(_OF_UNIT)})
    query = f"SELECT DISTINCT {', '.join(_OF_UNIT)} FROM {UNIT_TABLE}"  # noqa: S608 - names of ours
    return sorted(records.run(query), key=lambda line: (str(line[0]), int(line[6])))


_OF_VILLAGE = ("county_code", "county", "position", "township", "village", "village_code")


def village_names(records: Records) -> Mapping[str, str]:
    """Names of the villages of several counties by code, with county and township: many villages share a name.

    Raises:
        BadSource: their list lacks a column.
    """
    if VILLAGE_TABLE not in records.columns:
        return {}
    require_tables({VILLAGE_TABLE: records.columns[VILLAGE_TABLE]}, {VILLAGE_TABLE: set(_OF_VILLAGE)})
    query = f"SELECT DISTINCT {', '.join(_OF_VILLAGE)} FROM {VILLAGE_TABLE}"  # noqa: S608 - names of ours
    listed = sorted(records.run(query), key=lambda line: (str(line[0]), int(line[2])))
    return {str(code): f"{county}{township}{village}" for _, county, _, township, village, code in listed}


def _regions(listed: Sequence[Line], units: Sequence[Unit]) -> Iterator[Region]:
    """Build the tree of provinces, cities and counties, ordered by code."""
    for level, digits in LEVELS.items():
        names = {str(line[0])[:digits]: str(line[_OF_UNIT.index(level)] or "") for line in listed}
        for start, name in names.items():
            code = start.ljust(6, "0")
            below = tuple(unit.code for unit in units if unit.code.startswith(start))
            yield Region(level, code, name or code, below)
