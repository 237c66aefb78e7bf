"""Owns the host name that the recorded Airflow gives itself, so that the recording machine's is not kept."""


def hostname() -> str:
    return "airflow-worker-1.acme.internal"
