"""Counting: one query in standard SQL, the engines that run it, and its result as values."""
