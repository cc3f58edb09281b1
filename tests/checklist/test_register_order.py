"""Registers by owner: as a department reads them, not by the names of their files."""

import pytest

from build_scripts.settings import SHIPPED_CAMPAIGN
from checklist.loading.loader import load_campaign
from checklist.model import Campaign


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign(SHIPPED_CAMPAIGN)


def test_each_register_stands_once_with_its_owner(campaign: Campaign) -> None:
    by_owner = campaign.registers_by_owner
    told = [register.id for registers in by_owner.values() for register in registers]
    assert sorted(told) == sorted(campaign.register_by_id)
    assert all(register.owner == owner for owner, registers in by_owner.items() for register in registers)
    assert list(by_owner) == [code for code in campaign.unit_by_code if code in by_owner]


def test_a_register_stands_after_those_that_it_names(campaign: Campaign) -> None:
    for registers in campaign.registers_by_owner.values():
        ids = [register.id for register in registers]
        for place, register in enumerate(registers):
            assert not set(register.links.values()) & set(ids[place + 1 :]), register.id


def test_registers_that_name_each_other_are_told_once() -> None:
    campaign = load_campaign(SHIPPED_CAMPAIGN)  # afresh: a copy takes along what was computed before
    one, other, *rest = campaign.registers
    circle = (
        one.model_copy(update={"refers": {"x": other.id}}),
        other.model_copy(update={"refers": {"x": one.id}}),
    )
    changed = campaign.model_copy(update={"registers": (*circle, *rest)})
    told = [register.id for registers in changed.registers_by_owner.values() for register in registers]
    assert sorted(told) == sorted(campaign.register_by_id)
