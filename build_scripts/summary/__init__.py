"""The summary: compilation, reconciliation and publication of annex 2 for every unit and the county."""
