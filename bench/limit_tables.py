"""The two tables of the limit, apart from the application that serves them."""

from sqlalchemy import create_engine, text


def prepare(url: str) -> None:
    """Make the two tables and 2,000 rows to read."""
    with create_engine(url).begin() as connection:
        serial = "INTEGER PRIMARY KEY" if url.startswith("sqlite") else "SERIAL PRIMARY KEY"
        connection.execute(text("DROP TABLE IF EXISTS limit_event"))
        connection.execute(text("DROP TABLE IF EXISTS limit_row"))
        connection.execute(
            text(
                f"CREATE TABLE limit_event (id {serial}, title VARCHAR(120), kind VARCHAR(24),"
                " starts_at VARCHAR(40), place VARCHAR(120))"
            )
        )
        connection.execute(
            text(f"CREATE TABLE limit_row (id {serial}, person_id INTEGER, status VARCHAR(24))")
        )
        connection.execute(
            text(
                "INSERT INTO limit_event (title, kind, starts_at, place)"
                " VALUES (:title, 'lesson', '2026-11-24 09:00', '党群服务中心')"
            ),
            [{"title": f"社区治理主题党课第{number}讲"} for number in range(2000)],
        )
