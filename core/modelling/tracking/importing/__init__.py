"""Readers of an existing MLflow: its database, its folder of runs, or its server. Each yields the same values."""
