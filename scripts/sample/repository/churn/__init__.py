"""The churn model: who is about to leave, how sure we are, and whether we were right."""
