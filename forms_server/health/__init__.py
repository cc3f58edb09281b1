"""Whether the installation is sound: the doctor's checks, readiness, and counters for a monitor."""
