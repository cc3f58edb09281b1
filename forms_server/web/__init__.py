"""The web application: one module per group of routes."""
