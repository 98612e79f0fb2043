"""The tables, as the newest migration leaves them. A change here needs a migration beside it, in
`migrations/versions`."""

import sqlalchemy as sa

metadata = sa.MetaData()
_COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts up INTEGER keys alone


def _text(name: str) -> sa.Column:
    """Text that may be empty but is never missing; "" also for rows from before the column was there."""
    return sa.Column(name, sa.Text, nullable=False, server_default="")


ratings = sa.Table(
    "ratings",
    metadata,
    # The order of arrival decides which row supersedes which; clocks of pages and servers do not.
    sa.Column("row", _COUNTER, primary_key=True),
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
    sa.Column("study", sa.Text, nullable=False, server_default="demo"),
    _text("canvas"),
    _text("presentation"),
    sa.Column("position", sa.Integer),
    sa.Column("repeated", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("seconds", sa.Float),
    _text("note"),
    _text("device"),
    _text("app"),
    _text("wording"),
)
ratings_by_candidate = sa.Index(
    "ratings_by_candidate", ratings.c.candidate_id, ratings.c.rater, ratings.c.presentation, ratings.c.row
)
ratings_by_study = sa.Index("ratings_by_study", ratings.c.study, ratings.c.rater, ratings.c.row)

studies = sa.Table(
    "studies",
    metadata,
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
    _text("code"),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("closed_at", sa.Text, nullable=False),
)

items = sa.Table(
    "items",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("study", sa.Text, sa.ForeignKey("studies.id"), nullable=False),
    sa.Column("arm", sa.Text, nullable=False),  # its code
    sa.Column("canvas", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),  # from 0, among those of the same arm and canvas
    sa.Column("about", sa.JSON, nullable=False),  # prompt, recipe and wish: see studies.Item
    sa.UniqueConstraint("study", "arm", "canvas", "number"),
)

presentations = sa.Table(
    "presentations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("study", sa.Text, sa.ForeignKey("studies.id"), nullable=False),
    sa.Column("rater", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),  # from 1
    sa.Column("item", sa.Text, sa.ForeignKey("items.id"), nullable=False),
    sa.Column("repeated", sa.Boolean, nullable=False),
    sa.Column("shown_at", sa.Text, nullable=False),
    sa.UniqueConstraint("study", "rater", "position"),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("run", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("command", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer),  # of the process that watches over the work
    sa.Column("started_at", sa.Float, nullable=False),  # seconds since 1970, as the others
    sa.Column("heartbeat_at", sa.Float, nullable=False),
    sa.Column("ended_at", sa.Float),
    sa.Column("exit_code", sa.Integer),
)
jobs_by_run = sa.Index("jobs_by_run", jobs.c.run, jobs.c.step, jobs.c.started_at)
