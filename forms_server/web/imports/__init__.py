"""Workbooks in and out: ledgers and rosters."""
