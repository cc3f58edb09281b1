"""Ledgers as workbooks, on the server's side: what they are compared with, and how what they say is stored."""
