"""What Alembic runs: every pending migration over the connection that `open_store` hands in."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
