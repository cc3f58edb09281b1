"""Readers of typed text: pure functions from text to a value or a refusal."""
