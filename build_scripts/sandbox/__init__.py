"""The sandbox: child processes with resource limits, for untrusted files."""
