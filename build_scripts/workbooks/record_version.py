"""The version of an exported record: a checksum of each field, by which an import tells whose change is whose.

It follows from the record's content alone, so that a record that is as before has the version that it had before.
Like the fingerprints of a page that is edited, it guards against no forger: a wrong one makes the import ask.
"""

from collections.abc import Mapping
from zlib import crc32

from checklist.model import FieldType, RecordForm
from checklist.reading.deadlines import Deadline
from checklist.values.judge import Value

_DIGITS = 6
_STATE = "state"


def version_of(form: RecordForm, values: Mapping[str, Value], state: str) -> str:
    """The version of a record with these values in this state."""
    sums = [checksum(values.get(name)) for name in _names(form)]
    return f"{form.version}:{checksum(state)}{''.join(sums)}"


def read_version(form: RecordForm, typed: str) -> Mapping[str, str]:
    """The checksums of a version by field id, and of the state; empty for what is no version of this form."""
    version, _, sums = typed.partition(":")
    names = [_STATE, *_names(form)]
    if version != str(form.version) or len(sums) != _DIGITS * len(names):
        return {}
    return {name: sums[at * _DIGITS : (at + 1) * _DIGITS] for at, name in enumerate(names)}


def checksum(value: Value) -> str:
    """The checksum of a value; a deadline's is of its text, since its day depends on when it was read."""
    text = value.text if isinstance(value, Deadline) else "" if value is None else str(value)
    return f"{crc32(text.encode('utf-8', 'surrogatepass')) & 0xFFFFFF:06x}"


def _names(form: RecordForm) -> list[str]:
    return [field.id for field in form.fields if field.type is not FieldType.SERIAL]
