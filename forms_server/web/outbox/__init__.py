"""The outbox: what a browser keeps and sends by itself, and how the server answers its script."""
