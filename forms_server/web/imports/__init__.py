"""Pages for import and export of workbooks: ledgers and rosters."""
