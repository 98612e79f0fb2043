"""What is kept for ever: ratings, studies, their items and who was shown what. SQLite, or PostgreSQL by URL.

The one place of SQLAlchemy and Alembic. `database.open_store(url)` opens a database and brings its tables up
to date; `ratings.Ratings` and `studies.StudyRows` read and write them.
"""
