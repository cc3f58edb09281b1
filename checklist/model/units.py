"""``units.yml``: filing units, responsible units and villages."""

from enum import StrEnum

from checklist.model.base import Id, Node, Text, UnitCode, VillageCode


class UnitKind(StrEnum):
    """What kind of unit an account belongs to."""

    TOWNSHIP = "township"
    COUNTY = "county"
    OFFICE = "office"


class Village(Node):
    """A village or residents' committee of a township."""

    code: VillageCode
    name: Text
    aliases: tuple[Text, ...] = ()


class Unit(Node):
    """A township (with villages), a county unit (without), or the office that runs the campaign."""

    code: UnitCode
    name: Text
    full_name: str = ""
    aliases: tuple[Text, ...] = ()
    villages: tuple[Village, ...] = ()


class Group(Node):
    """A name of the notice that stands for several units (各乡镇, 县直各帮扶单位)."""

    id: Id
    name: Text
    members: tuple[str, ...]
    """Codes of units, or the words ``townships`` or ``county-units`` for all of these."""
    note: str = ""
    """The source of the members, if the notice does not list them."""


class Units(Node):
    """``units.yml``."""

    office: Unit
    townships: tuple[Unit, ...]
    county_units: tuple[Unit, ...]
    groups: tuple[Group, ...] = ()
