"""The first schema: ratings, as they were kept before migrations were."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateIndex, CreateTable

revision = "1"
down_revision = None


def upgrade() -> None:
    table = sa.Table(
        "ratings",
        sa.MetaData(),
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("candidate_id", sa.Text, nullable=False),
        sa.Column("rater", sa.Text, nullable=False),
        sa.Column("accepted", sa.Boolean),
        sa.Column("relevance", sa.Integer),
        sa.Column("correctness", sa.Integer),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("task", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("objects", sa.JSON, nullable=False),
        sa.Column("design_type", sa.Text, nullable=False),
        sa.Column("style", sa.Text, nullable=False),
        sa.Column("length", sa.Integer),
        sa.Column("words", sa.Integer, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("renderer", sa.Text, nullable=False),
        sa.Column("slm", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
    )
    connection = op.get_bind()
    connection.execute(CreateTable(table, if_not_exists=True))
    known = {column["name"] for column in sa.inspect(connection).get_columns("ratings")}
    if missing := ", ".join(sorted(set(table.c.keys()) - known)):
        raise ValueError(f"its table 'ratings' lacks {missing}: another program or version made it")
    by_candidate = sa.Index("ratings_by_candidate", table.c.candidate_id, table.c.rater, table.c.row)
    connection.execute(CreateIndex(by_candidate, if_not_exists=True))
