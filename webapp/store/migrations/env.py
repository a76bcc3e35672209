"""Alembic's entry: it runs on the connection that `webapp.store.migrate` hands over, inside its transaction."""

from alembic import context

from webapp.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters tables only by copying them.
)
context.run_migrations()
