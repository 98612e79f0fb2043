"""Studies, their items, who was shown what; and with each rating where, when and how it was given."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    def text(name: str, default: str = "") -> sa.Column:
        return sa.Column(name, sa.Text, nullable=False, server_default=default)

    added = (
        text("study", "demo"),
        text("canvas"),
        text("presentation"),
        sa.Column("position", sa.Integer),
        sa.Column("repeated", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("seconds", sa.Float),
        text("note"),
        text("device"),
        text("app"),
        text("wording"),
    )
    for column in added:
        op.add_column("ratings", column)
    op.drop_index("ratings_by_candidate", "ratings")
    op.create_index("ratings_by_candidate", "ratings", ["candidate_id", "rater", "presentation", "row"])
    op.create_index("ratings_by_study", "ratings", ["study", "rater", "row"])
    studies = op.create_table(
        "studies",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("arms", sa.JSON, nullable=False),
        sa.Column("canvases", sa.JSON, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("target", sa.Integer, nullable=False),
        sa.Column("repeat_every", sa.Integer, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("per_canvas", sa.Integer, nullable=False),
        text("code"),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("closed_at", sa.Text, nullable=False),
    )
    demo = {"id": "demo", "name": "demo", "state": "open", "arms": [], "canvases": [], "seed": 0, "target": 0}
    rest = {"repeat_every": 0, "length": 0, "per_canvas": 0, "created_at": "", "closed_at": ""}
    op.bulk_insert(studies, [demo | rest])  # what anyone rates on the Canvas tab
    op.create_table(
        "items",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("study", sa.Text, sa.ForeignKey("studies.id"), nullable=False),
        sa.Column("arm", sa.Text, nullable=False),
        sa.Column("canvas", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("about", sa.JSON, nullable=False),
        sa.UniqueConstraint("study", "arm", "canvas", "number"),
    )
    op.create_table(
        "presentations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("study", sa.Text, sa.ForeignKey("studies.id"), nullable=False),
        sa.Column("rater", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("item", sa.Text, sa.ForeignKey("items.id"), nullable=False),
        sa.Column("repeated", sa.Boolean, nullable=False),
        sa.Column("shown_at", sa.Text, nullable=False),
        sa.UniqueConstraint("study", "rater", "position"),
    )
