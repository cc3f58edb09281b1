"""Deterministic data of a finished campaign, for the benchmark of pages.

44 units, 20,000 households, 30,000 visits, 60,000 issues; written as rows, not through the forms, so that it takes
seconds. Returns are completed and signed by the demonstration's own function.
"""

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, TableClause

from checklist.model import Area, Campaign, Item, ProblemType, RecordForm, Unit
from checklist.reading.person_names import fold_name
from checklist.visit_forms import items_of, problem_types_of, visit_forms
from forms_server import audit
from forms_server.account import Account, Role
from forms_server.accounts import account_store
from forms_server.db import tables
from forms_server.db.bulk_insert import insert_rows
from forms_server.demo.demo_answers import BY_ORDER, SURNAMES
from forms_server.demo.demo_returns import People, hand_in
from forms_server.desk import Desk
from forms_server.editable_states import State
from forms_server.records.issue_units import read_all_again

HOUSEHOLDS, VISITS, ISSUES = 20_000, 30_000, 60_000
SEED = 2022
STATES = (State.RECTIFYING, State.RECTIFIED, State.CLOSED, State.WITHDRAWN)
WEIGHTS = (35, 25, 35, 5)
AT_ONCE = 5_000

Row = dict[str, Any]


@dataclass
class Campaigner:
    """Fills an empty database."""

    connection: Connection
    campaign: Campaign
    now: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - invented data
    others: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - invented data
    """Of its own, so that what else is drawn stays the same in every revision."""
    accounts: dict[str, Account] = field(default_factory=dict)

    def fill(self, share: float = 1.0) -> None:
        """Write everything; ``share`` of the numbers above, for a try."""
        households = self._households(int(HOUSEHOLDS * share))
        self._add(tables.household, households)
        visits = list(self._visits(households, int(VISITS * share)))
        self._file(visits, int(ISSUES * share))
        self._hand_in()

    def account(self, unit: Unit, role: Role, village: str | None = None, name: str = "") -> Account:
        """An account of the unit, made when it is first asked for."""
        name = name or f"{unit.code}-{role.value}"
        if name not in self.accounts:
            new = account_store.NewAccount(name, unit.code, role, village, f"{self._name()}")
            account_id = account_store.add(
                self.connection, self.now, None, new, "-", must_change_password=False
            )
            found = account_store.find(self.connection, account_id)
            assert found is not None
            self.accounts[name] = found
        return self.accounts[name]

    def _households(self, number: int) -> list[Row]:
        places = [(unit, village.code) for unit in self.campaign.units.townships for village in unit.villages]
        types = self._types()
        found = []
        for count in range(number):
            unit, village = places[count % len(places)]
            householder = self._name()
            found.append({
                "id": self._id(), "campaign_id": self.campaign.id, "number": f"H{count:06}",
                "township_code": unit.code, "village_code": village, "householder": householder,
                "folded_name": fold_name(householder), "listed": 1, "household_type": self.chance.choice(types),
                "people": self.chance.randint(1, 6), "active": 1,
                "created_at": self._at(), "changed_at": self._at(),
            })  # fmt: skip
        return found

    def _types(self) -> list[str]:
        form = visit_forms(self.campaign)[0]
        return [choice.id for each in form.fields if each.id == "household_type" for choice in each.choices]

    def _visits(self, households: Sequence[Row], number: int) -> Iterator[Row]:
        """Two thirds of the households, many of them twice; one in seven is not finished, one in two has a problem."""
        of_households, general = visit_forms(self.campaign)
        for count in range(number):
            if count % 15 == 14:
                unit = self.campaign.filing_units[count % len(self.campaign.filing_units)]
                yield self._visit(general, unit, {"householder": None})
            else:
                home = households[count * 7919 % (len(households) * 2 // 3)]
                yield self._visit(of_households, self.campaign.unit_by_code[home["township_code"]], home)

    def _visit(self, form: RecordForm, unit: Unit, home: Row) -> Row:
        at = self._at()
        asked = [
            pair
            for area, items in items_of(self.campaign, form, unit, home.get("household_type"))
            for pair in ((area, item) for item in items)
        ]
        finished = self.chance.random() < 0.85
        told = asked if finished else asked[: len(asked) // 2]
        wrong = self.chance.sample(told, min(len(told), self.chance.randint(0, 1)))
        return {
            "id": self._id(), "campaign_id": self.campaign.id, "form_id": form.id, "unit_code": unit.code,
            "township_code": home.get("township_code"), "village_code": home.get("village_code"),
            "household_id": home.get("id"), "householder": home["householder"],
            "household_type": home.get("household_type"), "people": home.get("people"),
            "level": None, "extra": "{}", "visited_by": self._name(), "visited_on": at[:10],
            "state": "finished" if finished else "open", "items": len(asked), "answered": len(told),
            "problems": len(wrong), "version": 2, "created_by": self.account(unit, Role.REPORTER).id,
            "created_at": at, "changed_at": at, "told": told, "wrong": wrong, "form": form, "unit": unit,
        }  # fmt: skip

    def _file(self, visits: Sequence[Row], number: int) -> None:
        """The issues that visits found, and others besides; then the visits with their answers."""
        found, answers = [], []
        for visit in visits:
            issues = {item.id: self._issue(visit["form"], visit["unit"], visit, pair)
                      for pair in visit["wrong"] for item in pair[1:]}  # fmt: skip
            found += issues.values()
            for _, item in visit["told"]:
                issue = issues.get(item.id)
                answers.append({"visit_id": visit["id"], "item_id": item.id, "answer": "problem" if issue else "fine",
                                "issue_id": issue and issue["id"]})  # fmt: skip
        while len(found) < number:
            visit = self.chance.choice(visits)
            found.append(self._issue(visit["form"], visit["unit"], visit, self.chance.choice(visit["told"])))
        self._add(tables.issue, found[:number])
        kept = {row["id"] for row in found[:number]}
        self._add(tables.visit, [{k: v for k, v in row.items() if k in tables.visit.c} for row in visits])
        self._add(
            tables.visit_answer, [row for row in answers if not row["issue_id"] or row["issue_id"] in kept]
        )
        read_all_again(self.connection, self.campaign)
        self._audit(found[:number])

    def _issue(self, form: RecordForm, unit: Unit, visit: Row, pair: tuple[Area, Item]) -> Row:
        area, item = pair
        kinds: Sequence[ProblemType] = problem_types_of(area, item) or self.campaign.problem_types
        at, state = self._at(), self.chance.choices(STATES, WEIGHTS)[0]
        deadline = str((datetime.fromisoformat(at) + timedelta(days=self.chance.randint(1, 20))).date())
        done = state in {State.RECTIFIED, State.CLOSED}
        household = form.subject == "household"
        return {
            "id": self._id(), "campaign_id": self.campaign.id, "form_id": form.id, "form_version": form.version,
            "unit_code": unit.code, "problem_type_id": kinds[0].id, "area_id": area.id, "item_id": item.id,
            "village_code": visit.get("village_code"), "householder": visit["householder"],
            "household_id": visit.get("household_id"), "household_type": visit.get("household_type"),
            "people": visit.get("people"),
            "level": None if household else "county", "content": f"{item.text[:40]}：与要求不符，已告知本人。",
            "measures": "按要求逐项补齐，完成后由村干部复查。", "responsible_person": self._name(),
            "responsible_unit": self._responsible(unit), "deadline": deadline, "deadline_text": deadline,
            "outcome": "已按要求补齐，经复查合格。" if done else None, "rectified_on": at[:10] if done else None,
            "source": "self", "found_by": self._name(),
            "extra": '{"deadline.kind": "date"}', "state": state.value, "version": 1,
            "created_by": self.account(unit, Role.REPORTER).id, "created_at": at, "changed_at": at,
        }  # fmt: skip

    def _responsible(self, unit: Unit) -> str:
        """The unit itself, in one issue of four with a unit of the county that leads."""
        leads = self.others.random() < 0.25
        return (
            f"{self.others.choice(self.campaign.units.county_units).name}、{unit.name}"
            if leads
            else unit.name
        )

    def _audit(self, issues: Sequence[Row]) -> None:
        by_unit: dict[str, list[audit.AuditEntry]] = {}
        for row in issues:
            change = audit.AuditEntry(tables.issue.name, row["id"], "file", {"to": State.RECTIFYING.value})
            by_unit.setdefault(row["unit_code"], []).append(change)
        for code, changes in by_unit.items():
            filed_by = self.account(self.campaign.unit_by_code[code], Role.REPORTER)
            audit.record_many(self.connection, self.now - timedelta(days=2), filed_by, changes)

    def _hand_in(self) -> None:
        office = self.account(self.campaign.units.office, Role.OFFICE)
        people = {
            unit.code: People(self.account(unit, Role.REPORTER), self.account(unit, Role.PRINCIPAL), office)
            for unit in self.campaign.filing_units
        }
        hand_in(
            Desk(self.connection, self.campaign, office, self.now),
            people,
            self.now - timedelta(days=1),
            self.chance,
        )

    def _add(self, table: TableClause, rows: Sequence[Row]) -> None:
        names = list(rows[0])
        for start in range(0, len(rows), AT_ONCE):
            insert_rows(
                self.connection, table, names, [tuple(row.values()) for row in rows[start : start + AT_ONCE]]
            )

    def _name(self) -> str:
        return f"{self.chance.choice(SURNAMES)}某{self.chance.choice(BY_ORDER)}"

    def _id(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def _at(self) -> str:
        """Some minute of the campaign's days, as the driver takes it."""
        start = datetime.combine(self.campaign.notice.phases[0].start, datetime.min.time())
        whole = int((self.now - start).total_seconds() // 60) - 2 * 24 * 60
        return (start + timedelta(minutes=self.chance.randrange(whole))).isoformat(" ", "microseconds")
