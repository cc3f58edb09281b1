"""The handbook on a phone without network: after the first visit the browser keeps all of it."""
