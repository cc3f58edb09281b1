"""Workbooks in the annexes' layout: plain values, written by one module that knows XlsxWriter."""
