"""Owns the made-up customers: writes the CRM tables and the holdout as they are on one day."""

import io
import sys
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

CUSTOMERS = 1600
COLUMNS = ["tenure_days", "monthly_fee", "is_annual", "events_30d", "tickets_90d", "days_since_last_event"]


def customers(random: np.random.Generator, now: datetime) -> pd.DataFrame:
    """Each with a hidden wish to leave, which shows in what they do and decides whether they left."""
    n = CUSTOMERS
    wish = random.normal(size=n)
    tenure = random.gamma(2.0, 260, n).astype(int) + 5
    annual = random.random(n) < 0.4
    fee = np.round(np.where(annual, 19, 25) + random.normal(0, 5, n), 2)
    tickets = random.poisson(np.exp(0.55 * wish - 0.1))
    recent = random.poisson(np.exp(1.9 - 0.55 * wish))
    silent = np.clip(random.gamma(1.6, 9, n) * np.exp(0.45 * wish), 0, 85).astype(int)
    leaning = 1.55 * wish + 0.055 * (fee - 22) - 0.9 * annual - 0.0006 * (tenure - 500) - 0.8
    churned = random.random(n) < 1 / (1 + np.exp(-1.9 * leaning))
    return pd.DataFrame(
        {
            "customer_id": np.arange(1, n + 1),
            "signed_up_at": [now - timedelta(days=int(days)) for days in tenure],
            "plan": np.where(annual, "annual", "monthly"),
            "monthly_fee": fee,
            "churned": churned,
            "tenure_days": tenure,
            "is_annual": annual.astype(int),
            "events_30d": np.where(silent < 30, recent, 0),
            "tickets_90d": tickets,
            "days_since_last_event": silent,
        }
    )


def events(random: np.random.Generator, frame: pd.DataFrame, now: datetime) -> pd.DataFrame:
    rows = []
    for row in frame.itertuples():
        last = row.days_since_last_event
        rows.append((row.customer_id, "login", now - timedelta(days=last, hours=2)))
        if last < 30:
            ages = random.uniform(last, 29.5, max(0, row.events_30d - 1))
            rows += [(row.customer_id, "login", now - timedelta(days=float(age), hours=2)) for age in ages]
        ages = random.uniform(max(last, 30), 89, row.tickets_90d)
        rows += [(row.customer_id, "ticket", now - timedelta(days=float(age), hours=2)) for age in ages]
    table = pd.DataFrame(rows, columns=["customer_id", "kind", "happened_at"])
    table.insert(0, "event_id", np.arange(1, len(table) + 1))
    return table


def write(folder: Path, now: datetime, renamed: bool) -> None:
    random = np.random.default_rng(int(now.strftime("%Y%m%d")))
    frame = customers(random, now)
    crm = frame[["customer_id", "signed_up_at", "plan", "monthly_fee", "churned"]].copy()
    if renamed:
        # The new column is empty for customers who signed up lately: CRM fills it a month later.
        known = frame["tenure_days"] > 30
        crm["has_churned"] = crm.pop("churned").astype(object).where(known, None)
    crm["loaded_at"] = now - timedelta(hours=1)
    happened = events(random, frame, now)
    happened["loaded_at"] = now - timedelta(hours=15 if renamed else 1)
    path = folder / "raw.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE SCHEMA crm")
        label = "has_churned" if renamed else "churned"
        db.execute(
            f"CREATE TABLE crm.customers AS SELECT customer_id, signed_up_at, plan, monthly_fee, "
            f"CAST({label} AS BOOLEAN) AS {label}, loaded_at FROM crm"
        )
        db.execute("CREATE TABLE crm.events AS SELECT * FROM happened")


def holdout(folder: Path, now: datetime) -> None:
    """Customers set aside once, with labels nobody disputes: every model is judged on them."""
    frame = customers(np.random.default_rng(7), now)
    buffer = io.BytesIO()
    frame[["customer_id", *COLUMNS, "churned"]].assign(churned=frame["churned"].astype(int)).to_parquet(buffer)
    target = folder / "s3" / "acme-lake" / "churn" / "holdout" / "holdout.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    home, moment, kind = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3]
    if kind == "holdout":
        holdout(home, moment)
    else:
        write(home / "warehouse", moment, kind == "renamed")
