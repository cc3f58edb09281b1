"""Which backups of a folder stay."""

from datetime import datetime, timedelta
from pathlib import Path

from forms_server.backup.backup_generations import file_of, kept, remove_outdated


def test_what_leads_back_from_the_last_upgrades_stays(tmp_path):
    day = datetime(2022, 8, 1, 1, 30)
    upgrades = [tmp_path / file_of(day + timedelta(hours=n), before_upgrade=True) for n in range(3)]
    later = tmp_path / file_of(day + timedelta(hours=9), encrypted=True)
    for path in [*upgrades, later]:
        path.touch()
    assert remove_outdated(tmp_path) == 1
    assert sorted(tmp_path.iterdir()) == [*upgrades[1:], later]


def test_generations_are_days_then_weeks_then_months():
    day = datetime(2022, 1, 1, 1, 30)
    stay = sorted(kept([day + timedelta(days=number) for number in range(365)]), reverse=True)
    assert [moment.date() for moment in stay[:14]] == [datetime(2022, 12, 31 - n).date() for n in range(14)]
    assert len({moment.isocalendar()[:2] for moment in stay[:21]}) >= 9
    assert {moment.month for moment in stay} == set(range(1, 13))
    assert len(stay) < 14 + 9 + 12
    assert Path(file_of(stay[0])).suffix == ".zip"
