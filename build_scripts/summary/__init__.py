"""The summary: records counted once by one query, reconciled, and shaped into annex 2 for every unit and the county."""
