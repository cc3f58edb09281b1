"""Reconciliation (账账相符): differences between figures, and the records behind them."""
