"""What is wrong with an expression, and where in its text."""

from collections.abc import Mapping
from typing import Any


class ExpressionFault(Exception):
    """An expression that is not accepted.

    Attributes:
        code: of the message catalogue.
        params: of the message.
        offset: the character of the text where the fault is, from 0.
    """

    def __init__(self, code: str, params: Mapping[str, Any], offset: int = 0) -> None:
        super().__init__(code)
        self.code, self.params, self.offset = code, params, offset
