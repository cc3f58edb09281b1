"""Reconciliation (账账相符): which accounts differ, and which records are behind a difference."""
