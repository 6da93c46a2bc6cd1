"""What the environment of a component of Airflow has to hold, and that both drivers take it.

Exit status: 0 good, 1 not, with a line for each fault
"""

from __future__ import annotations

import asyncio
import os
import sys
from urllib.parse import parse_qsl, urlsplit

from airflow import settings
from airflow.configuration import conf
from airflow.version import version
from sqlalchemy import text

ENCRYPTED = text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")


def names():
    """Names of the environment that Airflow does not know, or takes for something else."""
    for name in sorted(os.environ):
        if name.startswith("AIRFLOW__CORE__SQL_ALCHEMY"):
            yield f"{name}: Airflow moved it to [database], and some versions ignore it"
        elif name.startswith("AIRFLOW__") and name.endswith("_READ"):
            yield f"{name}: Airflow has no such setting"


def urls():
    """The URLs as Airflow reads them."""
    url = urlsplit(conf.get("database", "sql_alchemy_conn"))
    if url.scheme != "postgresql+psycopg2":
        yield f"sql_alchemy_conn: its driver is {url.scheme}, wanted postgresql+psycopg2"
    if dict(parse_qsl(url.query)).get("sslmode") != "verify-full":
        yield "sql_alchemy_conn: it does not verify the server's certificate and name"
    if conf.getint("database", "max_db_retries") < 30:
        yield f"max_db_retries: {conf.get('database', 'max_db_retries')} do not last through an outage"


def synchronous():
    """psycopg2 takes every option: a session, encrypted where it is the server's own."""
    try:
        with settings.engine.connect() as connection:
            encrypted = connection.execute(ENCRYPTED).scalar()
            connection.execute(text("SELECT 1")).scalar()
    except Exception as error:  # noqa: BLE001 # whatever it is, it is the finding
        yield f"psycopg2: {type(error).__name__}: {error}"
        return
    if not encrypted:
        yield "psycopg2: the session is not encrypted"


async def sessions(engine):
    """As many at a time, and as often, as shows what a pooler makes of prepared statements."""

    async def some():
        for _ in range(15):
            async with engine.connect() as connection:
                assert (await connection.execute(text("SELECT CAST(:given AS int)"), {"given": 7})).scalar() == 7

    async with engine.connect() as connection:
        encrypted = (await connection.execute(ENCRYPTED)).scalar()
    outcomes = await asyncio.gather(*(some() for _ in range(8)), return_exceptions=True)
    await engine.dispose()
    return encrypted, [outcome for outcome in outcomes if outcome is not None]


def asynchronous():
    """asyncpg takes every option, and its statements work; Airflow 2 has no such engine."""
    engine = getattr(settings, "async_engine", None)
    if engine is None:
        if not version.startswith("2."):
            yield "Airflow has made no asynchronous engine"
        return
    try:
        encrypted, failures = asyncio.run(sessions(engine))
    except Exception as error:  # noqa: BLE001
        yield f"asyncpg: {type(error).__name__}: {error}"
        return
    if not encrypted:
        yield "asyncpg: the session is not encrypted"
    if failures:
        yield f"asyncpg: {len(failures)} of 8 clients failed: {failures[0]}"


def main() -> int:
    if getattr(settings, "engine", None) is None:
        settings.configure_orm()
    faults = [fault for check in (names, urls, synchronous, asynchronous) for fault in check()]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"Airflow {version}: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
