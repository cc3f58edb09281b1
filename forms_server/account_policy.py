"""The rules of signing in: how long, from how many places, behind which proxies, with which factors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Self

from build_scripts.settings import SettingValues
from build_scripts.settings_file import BadSetting
from forms_server.access import MANAGERS, SIGNERS
from forms_server.account import Role

Network = IPv4Network | IPv6Network

_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1"))


def _of_managers(limit: timedelta) -> dict[Role, timedelta]:
    return {role: limit for role in MANAGERS if role}


@dataclass(frozen=True)
class AccountPolicy:
    """The settings of accounts and sessions."""

    idle: Mapping[Role, timedelta] = field(default_factory=lambda: _of_managers(timedelta(minutes=30)))
    """Idle time after which a session of a role ends; other roles have ``idle_otherwise``."""
    idle_otherwise: timedelta = timedelta(hours=12)
    absolute: Mapping[Role, timedelta] = field(default_factory=lambda: _of_managers(timedelta(hours=12)))
    """Maximum age of a session of a role; other roles have ``absolute_otherwise``."""
    absolute_otherwise: timedelta = timedelta(days=7)
    most_sessions: int = 5
    """Sessions of one account at the same time; the one that was idle longest makes room."""
    one_use: timedelta = timedelta(days=14)
    """How long a one-use password can be used."""
    reset_mark: timedelta = timedelta(days=7)
    """A signature within this time of a reset by somebody else says so."""
    second_factor_from: date | None = None
    """From when the roles that sign and manage need a second factor; None where it is only offered."""
    trusted_proxies: tuple[Network, ...] = _LOOPBACK
    """Proxies whose ``X-Forwarded-For`` is believed."""

    @classmethod
    def from_settings(cls, values: SettingValues) -> Self:
        """Read the settings; those that are not set have the defaults.

        Raises:
            BadSetting: for a value that makes no sense.
        """
        minutes = _by_role(values, "HUITOUKAN_IDLE_MINUTES")
        hours = _by_role(values, "HUITOUKAN_SESSION_HOURS")
        return cls(
            idle={**cls().idle} | {role: timedelta(minutes=each) for role, each in minutes.items()},
            idle_otherwise=timedelta(hours=count_of(values, "HUITOUKAN_IDLE_HOURS", 12)),
            absolute={**cls().absolute} | {role: timedelta(hours=each) for role, each in hours.items()},
            absolute_otherwise=timedelta(days=count_of(values, "HUITOUKAN_SESSION_DAYS", 7)),
            most_sessions=count_of(values, "HUITOUKAN_SESSIONS", 5),
            one_use=timedelta(days=count_of(values, "HUITOUKAN_ONE_USE_DAYS", 14)),
            reset_mark=timedelta(days=count_of(values, "HUITOUKAN_RESET_MARK_DAYS", 7)),
            second_factor_from=_day(values, "HUITOUKAN_SECOND_FACTOR_FROM"),
            trusted_proxies=_networks(values, "HUITOUKAN_TRUSTED_PROXIES") or _LOOPBACK,
        )

    def idle_of(self, role: Role) -> timedelta:
        """Idle time after which a session of this role ends."""
        return self.idle.get(role, self.idle_otherwise)

    def absolute_of(self, role: Role) -> timedelta:
        """Maximum age of a session of this role."""
        return self.absolute.get(role, self.absolute_otherwise)

    def needs_second_factor(self, role: Role, now: datetime) -> bool:
        """Whether an account of this role must have a second factor by now."""
        since = self.second_factor_from
        return since is not None and now.date() >= since and role in MANAGERS | SIGNERS


def count_of(values: SettingValues, name: str, default: int) -> int:
    """Read a count from 1 to 1000.

    Raises:
        BadSetting: it is none.
    """
    value = values.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 1000:
        raise BadSetting(f"{values.place(name)} 应是 1 到 1000 的整数，现在是“{value}”")
    return int(value)


def _by_role(values: SettingValues, name: str) -> Mapping[Role, int]:
    """Counts by role: ``office=30, admin=30``."""
    text = values.get(name) or ""
    found: dict[Role, int] = {}
    for pair in filter(None, (each.strip() for each in text.replace("，", ",").split(","))):
        role, _, count = (each.strip() for each in pair.partition("="))
        if (
            role not in set(Role)
            or not count.isascii()
            or not count.isdigit()
            or not 1 <= int(count) <= 100_000
        ):
            roles = "、".join(Role)
            raise BadSetting(
                f"{values.place(name)} 应写成 office=30, admin=30 这样（角色：{roles}），现在是“{pair}”"
            )
        found[Role(role)] = int(count)
    return found


def _day(values: SettingValues, name: str) -> date | None:
    text = values.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadSetting(f"{values.place(name)} 应写成 2022-08-25 这样的日期，现在是“{text}”") from None


def _networks(values: SettingValues, name: str) -> tuple[Network, ...]:
    text = (values.get(name) or "").replace("，", ",")
    try:
        return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        raise BadSetting(
            f"{values.place(name)} 应写成 127.0.0.1, 10.1.2.0/24 这样的 IP 或网段，现在是“{text}”"
        ) from None
