"""Streams of a compound file (MS-CFB), the container of .xls and .et. Runs in the reading process."""

import struct
from collections.abc import Iterator

_FREE = 0xFFFFFFFA
"""Sector numbers from here on are marks: free, end of chain and the like."""
_ENTRY = 128
"""Bytes of a directory entry."""
_MINI = 64
_HEADER = 512


class CompoundFile:
    """A compound file's directory and sectors.

    Raises:
        ValueError: it is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._size = 1 << min(_word(data, 30), 20)
            self._cutoff = _long(data, 56)
            self._table = self._allocation_table()
            self._entries = dict(self._directory(self._chain(_long(data, 48))))
            start, size = self._entries.get("Root Entry", (_FREE, 0))
            self._small = self._chain(start)[:size]
            self._small_table = _longs(self._chain(_long(data, 60)))
        except (struct.error, IndexError) as error:
            raise ValueError("damaged compound file") from error

    def stream(self, *names: str) -> bytes:
        """Return the content of the first of these streams that exists; empty if there is none.

        Raises:
            ValueError: its sectors are damaged.
        """
        for name in names:
            if name in self._entries:
                start, size = self._entries[name]
                return (self._small_chain(start) if size < self._cutoff else self._chain(start))[:size]
        return b""

    def _allocation_table(self) -> tuple[int, ...]:
        """Concatenate the sectors that the header and its continuation sectors list."""
        listed = [*_longs(self._data[76:_HEADER])]
        following = _long(self._data, 68)
        for _ in range(_long(self._data, 72)):
            if following >= _FREE:
                break
            *numbers, following = _longs(self._sector(following))
            listed += numbers
        return _longs(b"".join(self._sector(number) for number in listed if number < _FREE))

    def _directory(self, content: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield each entry's name with its first sector and its size."""
        for at in range(0, len(content) - _ENTRY + 1, _ENTRY):
            length = min(_word(content, at + 64), 64)
            name = content[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
            if name:
                yield name, (_long(content, at + 116), _long(content, at + 120))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, _numbers(start, self._table)))

    def _small_chain(self, start: int) -> bytes:
        numbers = _numbers(start, self._small_table)
        return b"".join(self._small[number * _MINI : (number + 1) * _MINI] for number in numbers)


def _numbers(start: int, table: tuple[int, ...]) -> Iterator[int]:
    """Follow a chain of sectors; a chain that is longer than its table has a loop."""
    number = start
    for _ in range(len(table) + 1):
        if number >= _FREE:
            return
        if number >= len(table):
            break
        yield number
        number = table[number]
    raise ValueError("damaged chain of sectors")


def _word(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _long(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])


def _longs(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
