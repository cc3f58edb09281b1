"""Alembic's entry point: :mod:`forms_server.db.migrate` hands it the connection."""

from alembic import context

from forms_server.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a column by copying its table; the engine begins transactions itself, so this is atomic too.
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
