"""The rules of a register on its rows: with what the rows that they refer to hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from build_scripts.rules.field_columns import LAST, PERIOD, ROW_STATE
from build_scripts.rules.form_rulebook import rulebook
from build_scripts.rules.judged_rows import JudgedRow, judged_rows
from checklist.model import Campaign, Register
from forms_server.db.tables import register_row
from forms_server.registers.counted_sources import with_counts
from forms_server.registers.named_rows import name_key, named_rows
from forms_server.registers.person_counts import person_counts
from forms_server.registers.register_row import RegisterRow, of_register, row_key, to_columns, to_row

_CHUNK = 500
"""Keys of one query."""


@dataclass(frozen=True)
class RuledRegister:
    """A register whose rules are asked on a day."""

    campaign: Campaign
    register: Register
    today: date

    def judge(
        self,
        connection: Connection,
        rows: Sequence[Mapping[str, Any]],
        period: str,
        states: Sequence[str] = (),
    ) -> list[JudgedRow]:
        """Return what the rules say of rows of valid values, in their order.

        Args:
            connection: reads the rows that are referred to.
            rows: values by field id.
            period: of them all.
            states: one a row; by default that of a new row.
        """
        first = self.register.first_state.id
        counted = with_counts(connection, self.campaign, self.register, rows, (period, self.today))
        places = [(period, states[index] if states else first) for index in range(len(rows))]
        return self._judged(self._given(connection, counted, places))

    def _judged(self, given: Sequence[Mapping[str, Any]]) -> list[JudgedRow]:
        judged = judged_rows(self.campaign, self.register, given, self.today)
        own = {field.id for field in self.register.fields}
        return [
            JudgedRow({name: value for name, value in row.values.items() if name in own}, row.problems)
            for row in judged
        ]

    def judge_stored(self, connection: Connection, rows: Sequence[RegisterRow]) -> list[JudgedRow]:
        """Return what the rules say today of stored rows, other rows of the same persons compared."""
        return self._judged(self.all_given_now(connection, rows))

    def computed_again(self, connection: Connection, row: RegisterRow) -> Mapping[str, Any]:
        """Return a stored row's values with its formulas evaluated anew, over what was counted when it was stored."""
        (judged,) = self._judged(self.given_stored(connection, [row]))
        return judged.values

    def given_stored(self, connection: Connection, rows: Sequence[RegisterRow]) -> list[Mapping[str, Any]]:
        """Return stored rows as the rules read them."""
        places = [(row.period, row.state) for row in rows]
        return self._given(connection, [row.values for row in rows], places)

    def given_now(self, connection: Connection, row: RegisterRow) -> Mapping[str, Any]:
        """Return a stored row as the rules read it, with what its fields count now."""
        (given,) = self.all_given_now(connection, [row])
        return given

    def all_given_now(self, connection: Connection, rows: Sequence[RegisterRow]) -> list[Mapping[str, Any]]:
        """Return stored rows as the rules read them, with what their fields count now."""
        found: dict[str, Mapping[str, Any]] = {}
        for period in dict.fromkeys(row.period for row in rows):
            some = [row for row in rows if row.period == period]
            values = [row.values for row in some]
            asked = period, self.today
            counted = with_counts(connection, self.campaign, self.register, values, asked)
            given = self._given(connection, counted, [(period, row.state) for row in some])
            compared = person_counts(connection, self.campaign, self.register, some, asked)
            found |= {
                row.id: {**one, **counts} for row, one, counts in zip(some, given, compared, strict=True)
            }
        return [found[row.id] for row in rows]

    def rows_read(self, connection: Connection, row: RegisterRow) -> list[str]:
        """Return the ids of the rows that the rules of a stored row read besides it."""
        fields = rulebook(self.campaign, self.register).referred
        found = [self._read(connection, field_id, [row.values], [row.period])[0] for field_id in fields]
        return [each.id for each in found if each]

    def _given(
        self, connection: Connection, rows: Sequence[Mapping[str, Any]], places: Sequence[tuple[str, str]]
    ) -> list[Mapping[str, Any]]:
        referred = self._referred(connection, rows, [period for period, _ in places])
        return [
            {**row, **other, PERIOD: period, ROW_STATE: state}
            for row, other, (period, state) in zip(rows, referred, places, strict=True)
        ]

    def _referred(
        self, connection: Connection, rows: Sequence[Mapping[str, Any]], periods: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Return for each row the values of the rows that it refers to, under dotted names."""
        found: list[dict[str, Any]] = [{} for _ in rows]
        for field_id, names in rulebook(self.campaign, self.register).referred.items():
            read = self._read(connection, field_id, rows, periods)
            for row, other in zip(found, read, strict=True):
                values = other.values if other else {}
                row |= {f"{field_id}.{name}": values.get(name) for name in names}
        return found

    def _read(
        self,
        connection: Connection,
        field_id: str,
        rows: Sequence[Mapping[str, Any]],
        periods: Sequence[str],
    ) -> list[RegisterRow | None]:
        """Return for each row the one that it refers to by a field, or its own of an earlier period; the latest."""
        if field_id == LAST:
            keys = [row_key(self.register, to_columns(self.register, row)) for row in rows]
            stored = self._earlier(connection, sorted({key for key in keys if key}))
        else:
            other = self.campaign.register_by_id[self.register.links[field_id]]
            named = [row.get(field_id) for row in rows]
            keys = [name_key(name) for name in named]
            stored = named_rows(connection, self.campaign, other, named)
        found: list[RegisterRow | None] = []
        for key, period in zip(keys, periods, strict=True):
            there = stored.get(key or "", ())
            fit = [each for each in there if field_id != LAST or each.period < period]
            found.append(fit[-1] if fit else None)
        return found

    def _earlier(self, connection: Connection, keys: Sequence[str]) -> Mapping[str, Sequence[RegisterRow]]:
        """Return the register's own rows of each key, the latest period last."""
        row, found = register_row.c, dict[str, list[RegisterRow]]()
        for start in range(0, len(keys), _CHUNK):
            query = select(register_row).where(
                of_register(self.campaign, self.register),
                row.row_key.in_(keys[start : start + _CHUNK]),
            )
            for stored in connection.execute(query.order_by(row.period)).mappings():
                found.setdefault(stored["row_key"], []).append(to_row(self.register, stored))
        return found
