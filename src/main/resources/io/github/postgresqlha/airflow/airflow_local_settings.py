"""How Airflow opens connections to its metadata database: for $AIRFLOW_HOME/config. Airflow reads it when it starts."""

import os
import ssl
import time

from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError

# Airflow would take whatever is named here for settings of its own.
__all__ = []

CA_FILE = os.environ.get("POSTGRESQL_HA_CA_FILE")
PASSWORD_FILE = os.environ.get("POSTGRESQL_HA_PASSWORD_FILE")
POOLED = os.environ.get("POSTGRESQL_HA_POOLER") == "true"


class FollowingContext(ssl.SSLContext):
    """Verifies authority and name, and trusts an authority from the moment that the mounted file has it."""

    def wrap_bio(self, *args, **kwargs):
        self.load_verify_locations(cafile=CA_FILE)
        return super().wrap_bio(*args, **kwargs)


# psycopg2, where the URL cannot say it: Airflow 3.0 makes its asynchronous URL of the synchronous one.
connect_args = {
    "connect_timeout": 3,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10000,
}

# asyncpg, which knows neither keepalives nor sslrootcert.
connect_args_async = {"timeout": 5, "command_timeout": 60}

if CA_FILE:
    connect_args |= {"sslmode": "verify-full", "sslrootcert": CA_FILE}
    connect_args_async["ssl"] = FollowingContext(ssl.PROTOCOL_TLS_CLIENT)

# A pooler gives each transaction another server, which does not know what was prepared on the last one.
if POOLED:
    connect_args_async |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}


def own_credentials():
    """User and password with which this process was started; nothing in a task, which may not use the database."""
    try:
        url = make_url(os.environ.get("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", ""))
    except ArgumentError:
        return None
    return url.username, url.password


OWN = own_credentials()

# Of this process: the password with which it was started, and those that it has read since.
PASSWORDS = {OWN[1]} if OWN else set()

# For how many seconds a connection is asked for. Much of Airflow asks once, and its component ends where that fails, as in a failover.
PATIENCE = 60


def renew_password(parameters):
    """Takes the password that the database has now, which may be newer than this process."""
    try:
        with open(PASSWORD_FILE, encoding="utf-8", newline="") as file:
            parameters["password"] = file.read().rstrip("\n")
    except OSError:
        return
    PASSWORDS.add(parameters["password"])


def connect(dialect, record, arguments, parameters):
    """Opens a connection of Airflow's own, and asks again while the database is away. The asynchronous driver's are opened as ever: nobody may wait there."""
    if parameters.get("user") != OWN[0] or parameters.get("password") not in PASSWORDS:
        return None
    asked = time.monotonic()
    while True:
        if PASSWORD_FILE:
            renew_password(parameters)
        if getattr(dialect, "is_async", False):
            return None
        try:
            return dialect.connect(*arguments, **parameters)
        except dialect.dbapi.OperationalError:
            if time.monotonic() - asked > PATIENCE:
                raise
            time.sleep(1)


if OWN:
    event.listen(Engine, "do_connect", connect)
