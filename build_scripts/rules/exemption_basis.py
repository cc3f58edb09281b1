"""What an exemption rests on: the rule, and the values that it read; whether either is another one now.

Values are kept as salted digests: an exemption must not be a second place where they can be read.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from build_scripts.rules.form_rulebook import FormRulebook

_LENGTH = 32
"""Hexadecimal digits: 128 bits."""


@dataclass(frozen=True)
class ExemptionBasis:
    """Digests of a rule and of the values of one row that decided it, by column."""

    rule: str
    values: Mapping[str, str]

    def changed(self, now: "ExemptionBasis") -> list[str]:
        """Columns whose values are others now."""
        names = sorted({*self.values, *now.values})
        return [name for name in names if self.values.get(name) != now.values.get(name)]


def basis_of(book: FormRulebook, check_id: str, row: Mapping[str, Any], salt: str) -> ExemptionBasis:
    """Return what an exemption of a row from a check rests on.

    Args:
        book: the rules of the register.
        check_id: one of its checks.
        row: as ``FormRulebook.evaluate`` takes it.
        salt: of the exemption.
    """
    values = book.read_values(check_id, row)
    return ExemptionBasis(
        _digest(salt, *book.rule_of(check_id)),
        {name: _digest(salt, name, value) for name, value in values.items()},
    )


def _digest(salt: str, *parts: str | None) -> str:
    spelled = json.dumps([salt, *parts], ensure_ascii=False).encode()
    return hashlib.sha256(spelled).hexdigest()[:_LENGTH]
