"""A campaign small enough to write its tables down."""

import pytest

from checklist.model import Campaign
from tests.builders import small_campaign


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return small_campaign()
