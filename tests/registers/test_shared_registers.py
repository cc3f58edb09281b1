"""Registers that campaigns share: two campaigns of one home, one after the other, go on with the same rows."""

import shutil
from pathlib import Path

import pytest

from build_scripts.home_campaign import adopt, campaign_in
from build_scripts.rules.rule_problems import load_ruled_campaign
from build_scripts.settings import PROJECT
from checklist.loading.loader import InvalidCampaign, load_campaign
from checklist.model import Campaign
from forms_server.access import Role
from forms_server.db.engine import transaction
from forms_server.personal_data.erasure import erase_campaign, holds_names
from tests.builders import EAST
from tests.checklist.test_register_files import FOLDER, GOOD
from tests.registers.test_register_pages import asset, file, page, post, stored, worker
from tests.registers.test_register_workbooks import exported, sent
from tests.server.conftest import NOW, application, client_of
from tests.server.pages import text_of
from tests.small_registers import campaign_with_registers


def campaign_of(year: str) -> Campaign:
    """A campaign that shares its assets, and not what people work."""
    campaign = campaign_with_registers()
    about = campaign.notice.model_copy(update={"id": year, "shared_registers": ("asset",)})
    return campaign.model_copy(update={"notice": about})


def test_the_next_campaign_goes_on_with_the_rows(tmp_path: Path) -> None:
    with application(tmp_path, campaign_of("2022-first")) as app:
        east = client_of(app, EAST, Role.REPORTER)
        address = file(east, "asset", **asset(1)).headers["Location"]
        file(east, "asset", **asset(2))
        file(east, "work", period="2022-08", **worker(1))
    with application(tmp_path, campaign_of("2023-second")) as app:
        east = client_of(app, EAST, Role.REPORTER)
        assert len(page(east.get("/registers/asset/")).select("tbody tr")) == 2
        assert "第 1 行" in text_of(east.get(address))
        assert page(east.get(address)).select("ol.history li")  # who wrote it down, and when
        assert file(east, "asset", **asset(1)).status_code == 409  # there is one of this code already
        assert file(east, "asset", **asset(3)).status_code == 303
        edited = {**asset(1, value="1000"), "base-version": "1"}
        assert post(east, f"{address}edit", **edited).status_code == 303
        assert [(row["campaign_id"], row["number"], row["version"]) for row in stored(app)] == [
            ("2022-first", 1, 2),
            ("2022-first", 2, 1),
            ("2023-second", 3, 1),
        ]
        assert "961000" in text_of(east.get("/registers/asset/totals"))  # 1,000, and twice 480,000
        assert "与系统里的完全一致" in sent(east, exported(east)).text
        assert not page(east.get("/registers/work/?period=2022-08")).select("tbody tr")
        assert (
            file(east, "upkeep", village=asset(2)["village"], asset="2019-2", found="完好").status_code == 303
        )
    with application(tmp_path, campaign_of("2022-first")) as app:
        listed = page(client_of(app, EAST, Role.REPORTER).get("/registers/asset/"))
        assert len(listed.select("tbody tr")) == 3


def test_the_end_of_a_campaign_leaves_the_rows_that_go_on(tmp_path: Path) -> None:
    campaign = campaign_of("2022-first")
    with application(tmp_path, campaign) as app:
        east = client_of(app, EAST, Role.REPORTER)
        file(east, "asset", **asset(1))
        file(east, "work", period="2022-08", **worker(1))
        shared = campaign.notice.shared_registers
        with transaction(app.extensions["huitoukan"].engine) as connection:
            assert holds_names(connection, campaign.id, shared)
            erase_campaign(connection, NOW, campaign.id, shared)
            assert not holds_names(connection, campaign.id, shared)
        assert stored(app)[0]["texts"]["name"] == "大棚1"
        assert "person" not in stored(app, "2022-08")[0]["texts"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign that names a register whose file lies beside the campaigns."""
    copy = Path(shutil.copytree(FOLDER, tmp_path / FOLDER.name))
    notice = copy / "campaign.yml"
    text = notice.read_text(encoding="utf-8")
    notice.write_text(text.replace("demands:", "shared_registers: [pump]\ndemands:", 1), encoding="utf-8")
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "pump.yml").write_text(GOOD, encoding="utf-8")
    return copy


def refused(folder: Path) -> list[str]:
    with pytest.raises(InvalidCampaign) as caught:
        load_ruled_campaign(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_register_beside_the_campaigns_is_theirs_who_name_it(folder: Path) -> None:
    campaign = load_campaign(folder)
    (register,) = campaign.registers
    assert campaign.shares(register)
    other = Path(shutil.copytree(FOLDER, folder.parent / "other" / FOLDER.name))
    assert load_campaign(other).registers == ()  # it names none


def test_each_slip_is_told_with_its_file_and_place(folder: Path) -> None:
    shared = folder.parent / "registers" / "pump.yml"
    shared.write_text(GOOD.replace("owner: firebrigade", "owner: firebrigad"), encoding="utf-8")
    (told,) = refused(folder)
    assert told.startswith("../registers/pump.yml:7:8")
    wrong = GOOD.replace("type: integer}", "type: integer, required_if: litters > 1}")
    shared.write_text(wrong, encoding="utf-8")
    (told,) = refused(folder)
    assert told.startswith("../registers/pump.yml:16:")
    assert "litters" in told
    shared.rename(shared.with_name("pumpe.yml"))
    (told,) = refused(folder)
    assert told.startswith("campaign.yml:")
    assert "没有“pump”这本台账" in told


def test_a_home_takes_the_registers_along_and_keeps_those_that_it_has(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    adopt(home, folder, Path.exists)
    kept = campaign_in(home).parent / "registers" / "pump.yml"
    assert kept.read_text(encoding="utf-8") == GOOD
    kept.write_text("# ours\n", encoding="utf-8")
    adopt(home, folder, Path.exists)
    assert kept.read_text(encoding="utf-8") == "# ours\n"


def test_the_shipped_registers_of_things_go_on_after_the_campaign() -> None:
    campaign = load_campaign(PROJECT / "checklist" / "2022-huitoukan")
    of_persons = {
        register.id
        for register in campaign.registers
        if {"household", "person"} & {field.type.value for field in register.fields}
    }
    assert "asset" in campaign.notice.shared_registers
    assert not of_persons & {*campaign.notice.shared_registers}
