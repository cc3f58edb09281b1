"""Supervision on the spot (实地督导): teams and where they go."""
