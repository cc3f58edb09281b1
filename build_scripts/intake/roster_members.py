"""The members of a household in a list by person: their names, judged as a form judges the name of a person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from build_scripts.intake.roster_columns import MEMBER
from checklist.model import Campaign, Field, FieldType, RecordForm
from checklist.problems import Problem
from checklist.reading.person_names import fold_name
from checklist.values.judge import Context, RecordJudge


@dataclass(frozen=True, slots=True)
class ListedMembers:
    """Who a list says belongs to a household."""

    names: Mapping[str, str]
    """By folded name."""
    complete: bool
    """Whether all of them stand in the list, so that who is missing belongs to it no more."""

    def differ(self, known: Mapping[str, str]) -> bool:
        """Whether others were listed up to now."""
        return not self.names.keys() <= known.keys() or bool(self.gone(known))

    def gone(self, known: Mapping[str, str]) -> set[str]:
        """Folded names of those who were listed and are no more."""
        return known.keys() - self.names.keys() if self.complete else set()

    def after(self, known: Mapping[str, str]) -> list[str]:
        """Names of all who are listed afterwards, as they were written first."""
        kept = {folded: name for folded, name in known.items() if folded not in self.gone(known)}
        return sorted((dict(self.names) | kept).values())


class MemberReader:
    """Judges the names of members; what is none is left out and told, since the household's figures stand without."""

    def __init__(self, form: RecordForm, context: Context) -> None:
        field = Field(id=MEMBER, label=member_label(context.campaign), type=FieldType.PERSON)
        self._judge = RecordJudge(form.model_copy(update={"fields": (field,)}), context)

    def read(
        self, named: Mapping[str, int], *, complete: bool
    ) -> tuple[ListedMembers, list[tuple[int, Problem]]]:
        """Return the members of names with their rows, and what is wrong with a name, by its row.

        Where a name could not be read, nobody is taken for gone: it may be a known member's.
        """
        names, told = dict[str, str](), list[tuple[int, Problem]]()
        for text, row in named.items():
            checked = self._judge.check({MEMBER: text})
            name = checked.values.get(MEMBER)
            if name:
                names.setdefault(fold_name(str(name)), str(name))
            else:
                complete = False
            told += [(row, replace(problem, warning=True)) for problem in checked.problems]
        return ListedMembers(names, complete), told


def member_label(campaign: Campaign) -> str:
    """What a list calls the name of a member."""
    words = campaign.roster.columns.member
    return words[-1] if words else MEMBER
