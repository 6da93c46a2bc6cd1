"""As much of SQLAlchemy as airflow_local_settings.py uses, where none is installed."""
