"""The home pages, open tasks and the reconciliation page."""
