"""Offline use of the handbook: a service worker keeps what is needed at the first visit, the rest when asked."""
