"""Offline use of the handbook: a service worker caches the whole site at the first visit."""
