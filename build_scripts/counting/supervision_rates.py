"""Self-check against supervision: what it missed and what it called rectified, with 95 % intervals.

Where strata were drawn at different rates, each one that was looked at stands for so many of its stratum: the share is
weighted, and the interval (Wilson) is of the effective number, which weights make smaller (Kish 1965).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt

_Z = 1.959963984540054
"""The normal distribution's quantile for 95 %."""


@dataclass(frozen=True)
class Rate:
    """So many of so many.

    Attributes:
        hits: how many were missed or false.
        looked_at: how many were looked at (n).
    """

    hits: int
    looked_at: int
    weighted: float | None = field(default=None, compare=False)
    """The share of those that each one stands for; None where all stand for equally many."""
    effective: float | None = field(default=None, compare=False)
    """The number whose plain share is as certain as the weighted one."""

    @property
    def share(self) -> float | None:
        """The share; None where nothing was looked at."""
        if self.weighted is not None:
            return self.weighted
        return self.hits / self.looked_at if self.looked_at else None

    @property
    def interval(self) -> tuple[float, float]:
        """The interval that covers the true share in 95 of 100 draws (Wilson 1927); all from 0 to 1 for no n."""
        n, share, z2 = self.effective or self.looked_at, self.share, _Z * _Z
        if not n or share is None:
            return 0.0, 1.0
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = _Z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    def overlaps(self, other: "Rate") -> bool:
        """Whether the two may be the same, as far as the numbers tell."""
        (low, high), (other_low, other_high) = self.interval, other.interval
        return low <= other_high and other_low <= high


def weighted_rate(looks: Iterable[tuple[bool, float]]) -> Rate:
    """The rate of looks, each with whether it hit and how many it stands for; plain where all stand for as many."""
    seen = list(looks)
    weights = [weight for _, weight in seen]
    hits = sum(hit for hit, _ in seen)
    if len(set(weights)) < 2:
        return Rate(hits, len(seen))
    total = sum(weights)
    share = sum(weight for hit, weight in seen if hit) / total
    return Rate(hits, len(seen), share, total * total / sum(weight * weight for weight in weights))


def places(rates: Mapping[str, Rate]) -> dict[str, int | None]:
    """Rank units, the lowest rate first.

    Returns:
        Code to place; None for a unit whose interval overlaps another's: it is not ranked.
    """
    found: dict[str, int | None] = {}
    for code, rate in rates.items():
        others = [other for key, other in rates.items() if key != code]
        alone = bool(rate.looked_at) and not any(rate.overlaps(other) for other in others)
        found[code] = 1 + sum(other.interval[1] < rate.interval[0] for other in others) if alone else None
    return found
