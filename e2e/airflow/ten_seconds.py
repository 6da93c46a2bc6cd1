"""A run each ten seconds, of a plain task and of one that waits in the triggerer. For Airflow 2.11 and 3."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

try:  # Airflow 3
    from airflow.providers.standard.operators.python import PythonOperator
    from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
    from airflow.sdk import DAG, BaseOperator
except ImportError:
    from airflow import DAG
    from airflow.models.baseoperator import BaseOperator
    from airflow.operators.python import PythonOperator
    from airflow.triggers.temporal import TimeDeltaTrigger


class Deferred(BaseOperator):
    """Hands itself to the triggerer, and ends as a task of its own.

    For five seconds: where a trigger fires before the scheduler has taken note of the end of the first process, Airflow takes that end
    for a failure ("state mismatch" in its log), whatever the database does.
    """

    def execute(self, context):
        self.defer(trigger=TimeDeltaTrigger(timedelta(seconds=5)), method_name="resumed")

    def resumed(self, context, event=None):
        return None


def ten_seconds(dag_id: str) -> DAG:
    # A run that is late is not made up for: what counts is when the next one succeeds. A task may be tried again, as Airflow's
    # own documentation wants it of every task; a run that fails is a fault.
    return DAG(
        dag_id,
        schedule=timedelta(seconds=10),
        start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        max_active_runs=2,
        is_paused_upon_creation=False,
        default_args={"retries": 2, "retry_delay": timedelta(seconds=1)},
    )


with ten_seconds("plain"):
    PythonOperator(task_id="task", python_callable=lambda: None)

with ten_seconds("deferred"):
    Deferred(task_id="task")
