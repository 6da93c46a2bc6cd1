"""How Airflow opens connections to its metadata database: for $AIRFLOW_HOME/config. Airflow reads it when it starts."""

import os
import ssl

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


def renew_password(dialect, record, arguments, parameters):
    """Gives a new connection the password that the database has now, which may be newer than this process."""
    if OWN and (parameters.get("user"), parameters.get("password")) == OWN:
        try:
            with open(PASSWORD_FILE, encoding="utf-8", newline="") as file:
                parameters["password"] = file.read().rstrip("\n")
        except OSError:
            pass


if PASSWORD_FILE:
    event.listen(Engine, "do_connect", renew_password)
