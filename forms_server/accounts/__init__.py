"""Accounts: who they are, their passwords, and how they sign in."""
