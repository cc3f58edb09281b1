"""No name leaves for the handbook: thousands are planted in every place where one can be typed, and looked for."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, update

from build_scripts.counting import daily_counts
from build_scripts.counting.breakdown_dimensions import PARTS
from build_scripts.counting.record_source import Source
from build_scripts.counting.summary_lines import read_csv
from build_scripts.handbook.site_build import build, handbook_of
from build_scripts.summary.compiling import SummaryOptions, compile_all
from build_scripts.summary.publish import replace_folder, results
from checklist.model import Campaign
from forms_server.db.tables import handed_in_figure, issue, proposed_household, report_text, signed_return
from tests.builders import EAST, WEST
from tests.summary.records import CLERK, NOW, Records, store
from tests.summary.returns import sign

FAMILY = "欧阳某"
"""Every planted name begins with it, and nothing else does."""
COUNT = 3_000
_TYPED = (
    "householder", "state_reason", "content", "measures", "responsible_person", "responsible_unit",
    "deadline_text", "outcome", "found_by",
)  # fmt: skip


def names(first: int) -> dict[str, str]:
    return {
        column: f"{FAMILY}{chr(0x4E00 + (first + number) % COUNT)}" for number, column in enumerate(_TYPED)
    }


def plant(engine: Engine, campaign: Campaign) -> None:
    """Issues and households full of names, a report, a signed return and a handed-in annex 2 with them."""
    records = Records(
        issues=[(EAST, "income", "rectifying")] * COUNT, households=[(WEST, "water", "proposed", 2)] * 50
    )
    with engine.begin() as connection:
        store(connection, records)
        rows = connection.execute(issue.select().with_only_columns(issue.c.id)).scalars().all()
        for number, identity in enumerate(rows):
            typed = names(number) | {"extra": {"note": f"{FAMILY}{number}"}}
            connection.execute(update(issue).where(issue.c.id == identity).values(typed))
        household = {"householder": f"{FAMILY}甲", "reason": f"{FAMILY}乙", "village_code": None}
        connection.execute(update(proposed_household).values(household))
        text = {
            "campaign_id": campaign.id,
            "unit_code": EAST,
            "part_id": "work",
            "text": f"{FAMILY}丙",
            "version": 1,
        }
        connection.execute(insert(report_text), [text | {"changed_by": CLERK, "changed_at": NOW}])
        sign(connection, campaign, EAST, signed_name=f"{FAMILY}丁")
        figure = {
            "campaign_id": campaign.id,
            "unit_code": EAST,
            "problem_type_id": "income",
            "column_id": "found",
        }
        place = {"place": f"{FAMILY}!A1", "handed_in_by": CLERK, "handed_in_at": NOW}
        connection.execute(insert(handed_in_figure), [figure | place | {"text": "1", "number": 1}])


def spellings(words: str) -> list[bytes]:
    """The words as files may hold them."""
    escaped = words.encode("ascii", "backslashreplace")
    entities = words.encode("ascii", "xmlcharrefreplace")
    return [
        words.encode(),
        words.encode("utf-16-le"),
        words.encode("gb18030"),
        escaped,
        escaped.upper(),
        entities,
    ]


def holding(folder: Path, words: str) -> list[str]:
    """The files that hold the words in any spelling, also within packed ones."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        contents = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(BytesIO(contents[0])) as packed:
                contents += [packed.read(name) for name in packed.namelist()]
        if any(spelling in content for content in contents for spelling in spellings(words)):
            found.append(path.relative_to(folder).as_posix())
    return found


def test_no_name_reaches_the_summary_the_site_or_its_search(
    sqlite: Engine, campaign: Campaign, tmp_path: Path
) -> None:
    plant(sqlite, campaign)
    options = SummaryOptions(tuple(PARTS), NOW.date(), interim=True)
    compiled = compile_all(campaign, Source(sqlite.url.render_as_string()), options)
    out, site = tmp_path / "summary", tmp_path / "site"
    replace_folder(out, results(compiled, campaign))
    handbook = handbook_of(
        campaign,
        read_csv(next(out.glob("summary-*.csv"))),
        daily_counts.read_csv(next(out.glob("days-*.csv"))),
    )
    build(handbook, site)
    assert (holding(out, FAMILY), holding(site, FAMILY)) == ([], [])
    # And the looking finds what is there: figures on the pages, unit names in the search index.
    assert "summary/days.html" in holding(site, str(COUNT))
    assert len([path for path in holding(site, "东河镇") if "search" in path]) >= 1
    with sqlite.begin() as connection:
        for table in (signed_return, handed_in_figure, report_text):
            connection.execute(table.delete())


@pytest.mark.parametrize("spelling", spellings(FAMILY))
def test_the_looking_can_fail(tmp_path: Path, spelling: bytes) -> None:
    (tmp_path / "a.json").write_bytes(b'{"text":"' + spelling + b'"}')
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", spelling * 9)
    assert holding(tmp_path, FAMILY) == ["a.json", "b.xlsx"]
