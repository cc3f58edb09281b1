"""Workbooks in the annexes' layout: laid out as plain values, then written by one module that knows XlsxWriter."""
