"""The counting: one query in standard SQL, the engines that run it, and its answer as values."""
