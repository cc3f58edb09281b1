"""The summary: records counted by one query, reconciled, and shaped into annex 2 of every unit and the county."""
