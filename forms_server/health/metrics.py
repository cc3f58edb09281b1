"""Counters of requests, shared by the worker processes, in the text format of Prometheus.

Shared anonymous memory, made before the workers are forked: each worker counts in a slot of its own, so that no lock
is shared with a process that may be killed. A slot that is used again keeps its counts: sums never fall.
"""

import mmap
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from threading import Lock

_SLOTS = 128
_STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram's buckets in seconds; the last bucket has none."""

_SECONDS = len(_STATUSES) + len(_BOUNDS) + 1
"""Position of the sum, behind statuses and buckets."""

_WIDTH = _SECONDS + 1

Gauges = Mapping[str, tuple[str, float]]
"""Name to help text and value, for what is read when asked."""


class RequestCounters:
    """Counters of all workers."""

    def __init__(self) -> None:
        memory = mmap.mmap(-1, _SLOTS * _WIDTH * 8)
        self._cells = memoryview(memory).cast("d")
        self._lock = Lock()
        self._slot = 0

    def use_slot(self, number: int) -> None:
        """Count in this slot from now on, as the worker of this number."""
        self._slot, self._lock = number % _SLOTS, Lock()

    def count(self, status: int, seconds: float) -> None:
        """Count a request."""
        start = self._slot * _WIDTH
        bucket = len(_STATUSES) + bisect_left(_BOUNDS, seconds)
        with self._lock:
            self._cells[start + min(max(status // 100, 1), 5) - 1] += 1
            self._cells[start + bucket] += 1
            self._cells[start + _SECONDS] += seconds

    def text(self, gauges: Gauges) -> str:
        """All counters, and these gauges, as Prometheus reads them."""
        sums = [sum(self._cells[place::_WIDTH]) for place in range(_WIDTH)]
        return "\n".join((*_requests(sums), *_gauges(gauges), ""))


def _requests(sums: list[float]) -> Iterator[str]:
    yield "# HELP huitoukan_requests_total Requests answered, by class of status."
    yield "# TYPE huitoukan_requests_total counter"
    for status, count in zip(_STATUSES, sums, strict=False):
        yield f'huitoukan_requests_total{{status="{status}"}} {count:.0f}'
    yield "# HELP huitoukan_request_seconds Time from the first byte of a request to its answer."
    yield "# TYPE huitoukan_request_seconds histogram"
    total = 0.0
    buckets = sums[len(_STATUSES) : _SECONDS]
    for bound, count in zip((*map(str, _BOUNDS), "+Inf"), buckets, strict=True):
        total += count
        yield f'huitoukan_request_seconds_bucket{{le="{bound}"}} {total:.0f}'
    yield f"huitoukan_request_seconds_sum {sums[_SECONDS]:.6f}"
    yield f"huitoukan_request_seconds_count {total:.0f}"


def _gauges(gauges: Gauges) -> Iterator[str]:
    for name, (help_text, value) in gauges.items():
        yield f"# HELP {name} {help_text}"
        yield f"# TYPE {name} gauge"
        yield f"{name} {value:.0f}"
