"""airflow_local_settings.py beside a database that is away for a while. Usage: settings_test.py FOLDER, which is for a password's file

Exit status: 0 good, 1 not
"""

import os
import sys
import time

PASSWORD_FILE = os.path.join(sys.argv[1], "password")
os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = "postgresql+psycopg2://airflow:first@db/airflow"
os.environ["POSTGRESQL_HA_PASSWORD_FILE"] = PASSWORD_FILE

import airflow_local_settings  # noqa: E402 # it reads the environment
from sqlalchemy import event  # noqa: E402

connect = event.listeners[-1]
clock = [0.0]
time.monotonic = lambda: clock[0]


def sleep(seconds):
    clock[0] += seconds


time.sleep = sleep


class Away(Exception):
    pass


class Dialect:
    """Refuses so many times; then it takes the password that the database has."""

    class dbapi:
        OperationalError = Away

    def __init__(self, refusals, password="first"):
        self.refusals, self.password, self.asked = refusals, password, 0

    def connect(self, **parameters):
        self.asked += 1
        if self.asked <= self.refusals or parameters["password"] != self.password:
            raise Away("the database system is shutting down")
        return "session"


def write(password):
    with open(PASSWORD_FILE, "w", encoding="utf-8") as file:
        file.write(password + "\n")


write("first")
parameters = {"user": "airflow", "password": "first", "host": "db"}
assert connect(Dialect(45), None, (), parameters) == "session"
assert clock[0] == 45, clock

# It is not waited for for ever.
dialect = Dialect(1000)
try:
    connect(dialect, None, (), parameters)
    raise AssertionError("it connected")
except Away:
    assert dialect.asked == 62, dialect.asked

# Twice another password, in the parameters that SQLAlchemy 1.4 keeps from one connection to the next.
for password in ("second", "third"):
    write(password)
    assert connect(Dialect(0, password), None, (), parameters) == "session", password

# What is not of this process is left alone, and nobody waits in the event loop.
assert connect(Dialect(1), None, (), {"user": "reader", "password": "first"}) is None
asynchronous = Dialect(1)
asynchronous.is_async = True
assert connect(asynchronous, None, (), parameters) is None and asynchronous.asked == 0
assert parameters["password"] == "third"
print("good")
