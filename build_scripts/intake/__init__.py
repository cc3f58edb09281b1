"""Ledgers that come back as workbooks: read in safety, understood, and compared with what is recorded."""
