"""Operate a deployed installation: what its queues hold, and what its bucket holds that was never read."""
