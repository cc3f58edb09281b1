"""Compilers: handbook pages, workbooks, summary tables, documents."""
