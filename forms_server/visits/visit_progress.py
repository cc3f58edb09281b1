"""Progress of visits in a round: visited and known households, and unanswered items."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, case, exists, func, select

from checklist.model import Campaign, RecordForm
from checklist.visit_forms import visit_forms
from forms_server import scope
from forms_server.account import Account
from forms_server.db.tables import household, visit
from forms_server.visits.visit import Progress
from forms_server.visits.visit_rounds import in_round
from forms_server.visits.visit_scope import counted_visits, visits_of_units


@dataclass(frozen=True)
class Figures:
    """Figures of one village, one township, or all that the account may see.

    Attributes:
        code: of the village or township; empty for what belongs to none.
        households: known by the roster, as it is now; 0 without a roster.
        visited: of these, with a visit that has begun.
        finished: of these, with a finished visit.
        visits: how many there are, those of households that no roster has among them.
        visits_finished: how many of them are finished.
        unanswered: items without an answer in the visits that are not finished.
        problems: items answered with a problem.
    """

    code: str
    households: int = 0
    visited: int = 0
    finished: int = 0
    visits: int = 0
    visits_finished: int = 0
    unanswered: int = 0
    problems: int = 0

    @property
    def left(self) -> int:
        """Known households without a visit."""
        return self.households - self.visited

    def __add__(self, other: "Figures") -> "Figures":
        """Add figures, keeping the first one's code."""
        sums = {name: getattr(self, name) + getattr(other, name) for name in _SUMMED}
        return replace(self, **sums)


@dataclass(frozen=True)
class Reach:
    """Known and visited households of the whole county."""

    households: int
    visited: int

    @property
    def left(self) -> int:
        """Known households without a visit."""
        return self.households - self.visited


_SUMMED = ("households", "visited", "finished", "visits", "visits_finished", "unanswered", "problems")


def by_village(
    connection: Connection,
    campaign: Campaign,
    account: Account,
    round_id: str | None,
    form: RecordForm | None = None,
) -> list[Figures]:
    """Return figures by village that has a household or visit visible to the account, in the campaign's order.

    Args:
        connection: a transaction that reads.
        campaign: whose visits they are.
        account: who asks.
        round_id: of the visits; None in a campaign without rounds, where all count.
        form: of the visits; the household's if it is not given. A campaign without one has no lines.
    """
    form = form or _household_form(campaign)
    if form is None:
        return []
    known = _known(connection, campaign, account, round_id) if form.subject == "household" else {}
    found = _found(connection, campaign, account, round_id, form)
    order = [*campaign.village_by_code, *sorted({*known, *found} - set(campaign.village_by_code))]
    none = Figures("")
    return [
        Figures(code) + known.get(code, none) + found.get(code, none)
        for code in order
        if code in known or code in found
    ]


def townships_of(campaign: Campaign, villages: Iterable[Figures]) -> list[Figures]:
    """Sum the figures by township; last those without a village."""
    sums: dict[str, Figures] = {}
    for line in villages:
        township = campaign.township_of_village.get(line.code)
        code = township.code if township else ""
        sums[code] = sums.get(code, Figures(code)) + line
    order = [*(unit.code for unit in campaign.units.townships), ""]
    return [sums[code] for code in order if code in sums]


def total(lines: Iterable[Figures]) -> Figures:
    """Sum all figures."""
    return sum(lines, Figures(""))


def unfinished(connection: Connection, campaign: Campaign, unit_code: str) -> dict[str, int]:
    """Number of a unit's unfinished visits, by form; forms without any are omitted."""
    query = select(visit.c.form_id, func.count()).where(
        visit.c.campaign_id == campaign.id,
        visit.c.form_id.in_([form.id for form in visit_forms(campaign)]),
        visit.c.unit_code == unit_code,
        visit.c.state != Progress.FINISHED.value,
    )
    rows = connection.execute(query.group_by(visit.c.form_id))
    return {row[0]: row[1] for row in rows}


def reach(connection: Connection, campaign: Campaign, round_id: str | None) -> Reach:
    """The total of ``by_village``, twenty times as fast, for the office's home page.

    The indexes count visited households and active ones each by itself; those that a newer list lacks are few.
    """
    of_campaign = household.c.campaign_id == campaign.id
    known = select(func.count()).where(of_campaign, household.c.active)
    visited = select(func.count(visit.c.household_id.distinct())).where(
        visit.c.campaign_id == campaign.id, in_round(round_id), visit.c.household_id.is_not(None)
    )
    gone = select(func.count()).where(
        of_campaign,
        ~household.c.active,
        exists().where(visit.c.household_id == household.c.id, in_round(round_id)),
    )
    numbers = [connection.execute(query).scalar_one() for query in (known, visited, gone)]
    return Reach(numbers[0], numbers[1] - numbers[2])


def reach_of_township(
    connection: Connection,
    campaign: Campaign,
    round_id: str | None,
    township_code: str,
    village_code: str | None = None,
) -> Reach:
    """The same for one township, or one of its villages, visits by any unit; a county unit has no households."""
    own = [
        household.c.campaign_id == campaign.id,
        household.c.active,
        household.c.township_code == township_code,
    ]
    if village_code:
        own.append(household.c.village_code == village_code)
    visited = exists().where(visit.c.household_id == household.c.id, in_round(round_id))
    known = connection.execute(select(func.count()).select_from(household).where(*own)).scalar_one()
    seen = select(func.count()).select_from(household).where(*own, visited)
    return Reach(known, connection.execute(seen).scalar_one() if known else 0)


def has_roster(connection: Connection, campaign: Campaign, account: Account) -> bool:
    """Whether the account can choose from any household."""
    query = select(household.c.id).where(
        household.c.campaign_id == campaign.id,
        household.c.active,
        scope.visible_households(campaign, account),
    )
    return connection.execute(query.limit(1)).first() is not None


def _household_form(campaign: Campaign) -> RecordForm | None:
    return next((form for form in visit_forms(campaign) if form.subject == "household"), None)


def _known(
    connection: Connection, campaign: Campaign, account: Account, round_id: str | None
) -> dict[str, Figures]:
    """Count the roster's households by village, and the visited ones."""
    finished = case((visit.c.state == Progress.FINISHED.value, 1), else_=0)
    # A visit with a household implies campaign and household form, so the index alone suffices.
    visited = (
        select(visit.c.household_id, func.max(finished).label("finished"))
        .where(visit.c.household_id.is_not(None), in_round(round_id), visits_of_units(account))
        .group_by(visit.c.household_id)
        .subquery()
    )
    query = (
        select(
            household.c.village_code.label("code"),
            func.count().label("households"),
            func.count(visited.c.household_id).label("visited"),
            func.coalesce(func.sum(visited.c.finished), 0).label("finished"),
        )
        .select_from(household.outerjoin(visited, visited.c.household_id == household.c.id))
        .where(
            household.c.campaign_id == campaign.id,
            household.c.active,
            scope.visible_households(campaign, account),
        )
        .group_by(household.c.village_code)
    )
    return {row["code"]: Figures(**row) for row in connection.execute(query).mappings()}


def _found(
    connection: Connection, campaign: Campaign, account: Account, round_id: str | None, form: RecordForm
) -> dict[str, Figures]:
    """Count visits by village, including those of households outside the roster."""
    finished = visit.c.state == Progress.FINISHED.value
    each = {
        "visits": func.count(),
        "visits_finished": func.sum(case((finished, 1), else_=0)),
        "unanswered": func.sum(case((finished, 0), else_=visit.c["items"] - visit.c.answered)),
        "problems": func.sum(visit.c.problems),
    }
    # Grouped by unit first, in index order, which saves sorting thirty thousand rows.
    of_unit = (
        select(visit.c.village_code, *(column.label(name) for name, column in each.items()))
        .where(
            visit.c.campaign_id == campaign.id,
            visit.c.form_id == form.id,
            in_round(round_id),
            counted_visits(account),
        )
        .group_by(visit.c.unit_code, visit.c.village_code)
        .subquery()
    )
    sums = (func.sum(of_unit.c[name]).label(name) for name in each)
    query = select(of_unit.c.village_code.label("code"), *sums).group_by(of_unit.c.village_code)
    rows = connection.execute(query).mappings()
    return {row["code"] or "": Figures(**{**row, "code": row["code"] or ""}) for row in rows}
