"""Registers (台账): rows that live on from period to period."""
