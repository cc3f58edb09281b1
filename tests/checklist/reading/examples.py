"""The example tables beside this file."""

from pathlib import Path
from typing import Any

import pytest
import yaml


def examples(name: str) -> list[Any]:
    """Every row of ``name.yml`` as a parameter whose id is what was typed."""
    rows = yaml.safe_load(Path(__file__).with_name(f"{name}.yml").read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["typed"] or "nothing") for row in rows]
