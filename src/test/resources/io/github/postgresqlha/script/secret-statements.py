"""Runs statements that fail, wait or are slow, each with a secret in it, as an application would by the driver that is named.

Usage: secret-statements.py psycopg2|psycopg SECRET; libpq's variables say where
Prints how many of them PostgreSQL refused.
"""

import importlib
import sys
import threading
import time

driver = importlib.import_module(sys.argv[1])
secret = sys.argv[2]
refused = 0


def session():
    opened = driver.connect("")
    opened.autocommit = True
    return opened


def run(connection, text, *values):
    global refused
    try:
        connection.cursor().execute(text, values)
    except driver.Error:
        refused += 1


first, second = session(), session()
run(first, "DROP TABLE IF EXISTS kept")
run(first, "CREATE TABLE kept (name text PRIMARY KEY, value text NOT NULL CHECK (value <> name), line int)")
run(first, "INSERT INTO kept VALUES (%s, %s, 1), ('other', 'x', 2)", secret, secret + "-value")
run(first, "INSERT INTO kept VALUES (%s, 'x')", secret)
run(first, "INSERT INTO kept VALUES (%s, NULL)", secret + "-2")
run(first, "INSERT INTO kept VALUES (%s, %s)", secret, secret)
run(first, "SELECT 1 / 0, %s::text", secret)
run(first, "SELECT %s::json", "{" + secret)
run(first, "SELECT * FROM missing WHERE name = %s", secret)
run(first, "SELECT pg_sleep(5.2), %s::text", secret)
run(first, "SET statement_timeout = '100ms'")
run(first, "SELECT pg_sleep(1), %s::text", secret)
run(first, "RESET statement_timeout")

# Each waits for the other for longer than a second; one is ended as the deadlock's victim.
for connection in (first, second):
    run(connection, "BEGIN")
run(first, "UPDATE kept SET value = %s WHERE line = 1", secret + "-a")
run(second, "UPDATE kept SET value = %s WHERE line = 2", secret + "-b")
waits = threading.Thread(target=run, args=(first, "UPDATE kept SET value = %s WHERE line = 2", secret + "-c"))
waits.start()
time.sleep(0.5)
run(second, "UPDATE kept SET value = %s WHERE line = 1", secret + "-d")
waits.join()
print(refused)
