"""A child process with limits, for whatever a stranger sent."""
