"""The database: one opened by an older version keeps everything, and gets the tables of today."""

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pipeline.store import tables
from pipeline.store.database import StoreError, open_store
from pipeline.store.ratings import Rating, Ratings
from pipeline.store.studies import StudyRows

ROOT = Path(__file__).parents[1]
FIRST = """
CREATE TABLE ratings (
    "row" {counter} NOT NULL, id VARCHAR(36) NOT NULL, candidate_id TEXT NOT NULL, rater TEXT NOT NULL,
    accepted BOOLEAN, relevance INTEGER, correctness INTEGER, prompt TEXT NOT NULL, task TEXT NOT NULL,
    topic TEXT NOT NULL, objects JSON NOT NULL, design_type TEXT NOT NULL, style TEXT NOT NULL,
    length INTEGER, words INTEGER NOT NULL, seed BIGINT NOT NULL, renderer TEXT NOT NULL, slm TEXT NOT NULL,
    created_at TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id)
);
CREATE INDEX ratings_by_candidate ON ratings (candidate_id, rater, "row");
"""
OLD = """
INSERT INTO ratings (id, candidate_id, rater, accepted, relevance, correctness, prompt, task, topic, objects,
    design_type, style, length, words, seed, renderer, slm, created_at)
VALUES (:id, 'c1', 'ann', :accepted, 3, NULL, 'A tent.', 'T2I', 'fair', '["tent"]', '', '', 20, 2, 7,
    'illustrator', 'slm', '2026-01-01T00:00:00+00:00')
"""


def first_schema(url: str, statements: str = FIRST) -> list[str]:
    """A database as it was before there were migrations, with a changed mind in it; the ratings' ids."""
    if url.startswith("sqlite"):
        Path(sa.make_url(url).database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url)
    ids = [str(uuid4()), str(uuid4())]
    with engine.begin() as connection:
        counter = "INTEGER" if url.startswith("sqlite") else "BIGSERIAL"
        for statement in statements.format(counter=counter).split(";")[:-1]:
            connection.execute(sa.text(statement))
        for id, accepted in zip(ids, (True, False), strict=True):
            connection.execute(sa.text(OLD), {"id": id, "accepted": accepted})
    engine.dispose()
    return ids


@pytest.mark.parametrize("stamped", [False, True])
def test_a_database_of_the_first_schema_keeps_its_ratings(database_url, stamped):
    """Breaks when an update loses ratings, or no longer knows which of them counts."""
    stamp = "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY);"
    stamp += "INSERT INTO alembic_version VALUES ('1');"
    ids = first_schema(database_url, FIRST + stamp if stamped else FIRST)
    ratings = Ratings(open_store(database_url))
    assert [(rating.id, current) for rating, current in ratings.history()] == [
        (ids[0], False),
        (ids[1], True),
    ]
    [kept] = ratings.current()
    assert (kept.accepted, kept.relevance, kept.correctness, kept.objects) == (False, 3, None, ("tent",))
    assert (kept.study, kept.canvas, kept.position, kept.repeated, kept.app) == ("demo", "", None, False, "")
    ratings.record(Rating(str(uuid4()), "c1", "ann", True, 1, 1, "A tent.", "T2I", canvas="x", seconds=1.5))
    assert Ratings(open_store(database_url)).current()[0].seconds == 1.5, "opened again, all is there"


def test_migrations_make_the_tables_that_the_code_reads(database_url):
    """Breaks when a column is added to the code and not to databases that exist."""
    store = open_store(database_url)
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    assert [study.name for study in StudyRows(store).studies()] == ["demo"]


def test_servers_that_start_at_once_migrate_once(database_url):
    """Breaks when two of several servers make the same column, and one or both do not start."""
    ids = first_schema(database_url)
    start = "import sys; from pipeline.store.database import open_store; open_store(sys.argv[1])"
    command = [sys.executable, "-c", start, database_url]
    servers = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(3)]
    assert [server.communicate()[1] for server in servers] == [b""] * 3
    assert [server.returncode for server in servers] == [0] * 3
    assert [rating.id for rating, _ in Ratings(open_store(database_url)).history()] == ids


def test_a_database_of_others_is_left_as_it_was(database_url):
    """Breaks when a mistyped URL changes another program's tables, or a newer version's."""
    first_schema(database_url, FIRST.replace("relevance INTEGER,", "relevance INTEGER, stars INTEGER,"))
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE ratings DROP COLUMN correctness"))
    with pytest.raises(StoreError, match="lacks correctness: another program or version made it"):
        open_store(database_url)
    assert sa.inspect(engine).get_table_names() == ["ratings"]
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('999')"))
    with pytest.raises(StoreError, match="later version of TinyMuse"):
        open_store(database_url)
    engine.dispose()
