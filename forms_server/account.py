"""An account and its role, as values."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self


class Role(StrEnum):
    """Role of an account."""

    REPORTER = "reporter"
    PRINCIPAL = "principal"
    DEPARTMENT = "department"
    INSPECTOR = "inspector"
    OFFICE = "office"
    ADMIN = "admin"
    AUDITOR = "auditor"


ROLE_NAMES: dict[Role, str] = {
    Role.REPORTER: "填报人",
    Role.PRINCIPAL: "主要负责人",
    Role.DEPARTMENT: "行业部门",
    Role.INSPECTOR: "督导组",
    Role.OFFICE: "办公室",
    Role.ADMIN: "管理员",
    Role.AUDITOR: "审计员",
}


@dataclass(frozen=True)
class Account:
    """An account, as a value."""

    id: str
    name: str
    """Sign-in name."""
    display_name: str
    """Display name, used in signatures; may be empty."""
    unit_code: str
    village_code: str | None
    """The one village that a reporter is bound to, if any."""
    role: Role
    must_change_password: bool
    disabled: bool = False
    inspects: frozenset[str] = frozenset()
    """Codes of the units that an inspector's teams are assigned to, whose records it reads."""

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """The account of a row that holds ``accounts.account_columns.ACCOUNT_COLUMNS``."""
        return cls(
            id=row.id,
            name=row.name,
            display_name=row.display_name,
            unit_code=row.unit_code,
            village_code=row.village_code,
            role=Role(row.role),
            must_change_password=row.must_change_password,
            disabled=row.disabled,
            inspects=frozenset(row.inspects.split(",") if row.inspects else ()),
        )

    @property
    def sight(self) -> Self:
        """The account as what it sees follows from it, without the person: equal for all who see the same."""
        return replace(self, id="", name="", display_name="", must_change_password=False, disabled=False)

    @property
    def reads_assigned_units(self) -> bool:
        """Whether this account reads the units in ``inspects``, rather than those of its role."""
        return self.role is Role.INSPECTOR

    @property
    def shown_name(self) -> str:
        """Display name on pages."""
        return self.display_name or self.name
