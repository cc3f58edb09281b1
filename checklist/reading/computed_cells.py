"""Cells that hold no text of a person: a formula's error, a formula without a result, a picture."""

import re

from checklist.read_result import Refusal

COMPUTED = "\x1c"
"""Before what the reading process puts in place of such a cell; no spreadsheet program writes it into a text."""

_PICTURE = re.compile(r"=?(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE)


def refuse_computed(text: str) -> Refusal | None:
    """Return why a cell's text is none; None for what a person wrote."""
    if text.startswith(COMPUTED):
        error = text.removeprefix(COMPUTED)
        return Refusal("formula-error", {"typed": error}) if error else Refusal("formula-without-result")
    if text[:1] in "#=_" and text:
        if _PICTURE.match(text):
            return Refusal("picture-in-cell")
        if _ERROR.fullmatch(text):
            return Refusal("formula-error", {"typed": text})
    return None
