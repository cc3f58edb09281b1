"""The campaign as frozen values: the content of one folder of YAML, independent of display and storage."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from pydantic import ConfigDict

from checklist.model.area import Area, Example, Item, ProblemType
from checklist.model.base import Node
from checklist.model.campaign import Notice, Phase
from checklist.model.demo import Demo, Finding
from checklist.model.forms import (
    Choice,
    Condition,
    Field,
    FieldType,
    FilingLine,
    FilledForm,
    Form,
    RecordForm,
    ReportForm,
    Stage,
    SummaryColumn,
    SummaryTable,
    Within,
)
from checklist.model.guidance import Claim, Conflict, Fact, Glossary, Policy, ShortAnswer, Term
from checklist.model.inspection import DrawPlan, Inspection, Mark
from checklist.model.personal_data import HeldData, PersonalData
from checklist.model.reading import Reading
from checklist.model.registers import Period, Register, RegisterCheck, RowState
from checklist.model.roles import CampaignRole, Duty, Handover, Roles
from checklist.model.roster import Roster, RosterColumns
from checklist.model.search_words import AskedWords, SearchWords
from checklist.model.units import Group, Unit, UnitKind, Units, Village

__all__ = [
    "Area",
    "AskedWords",
    "Campaign",
    "CampaignRole",
    "Choice",
    "Claim",
    "Condition",
    "Conflict",
    "Demo",
    "DrawPlan",
    "Duty",
    "Example",
    "Fact",
    "Field",
    "FieldType",
    "FilingLine",
    "FilledForm",
    "Finding",
    "Form",
    "Glossary",
    "Group",
    "Handover",
    "HeldData",
    "Inspection",
    "Item",
    "Mark",
    "Notice",
    "Period",
    "PersonalData",
    "Policy",
    "ProblemType",
    "Reading",
    "RecordForm",
    "Register",
    "RegisterCheck",
    "ReportForm",
    "Roles",
    "Roster",
    "RosterColumns",
    "RowState",
    "SearchWords",
    "ShortAnswer",
    "ShortAnswer",
    "Stage",
    "SummaryColumn",
    "SummaryTable",
    "Term",
    "Unit",
    "UnitKind",
    "Units",
    "Village",
    "Within",
    "household",
    "issue",
    "townships",
    "户",
]
