"""The roster: the households that are known, from imported lists. A household is chosen, never typed again."""
