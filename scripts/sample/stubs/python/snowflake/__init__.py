"""Owns the name of the Snowflake package while the sample is recorded."""
