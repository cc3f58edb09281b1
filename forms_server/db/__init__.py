"""The database: its tables, its engine, and the migrations that lead from one version to the next."""
