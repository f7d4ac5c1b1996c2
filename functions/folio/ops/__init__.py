"""Running an installation from a desk: what its queues hold, and what its bucket holds that nobody read."""
