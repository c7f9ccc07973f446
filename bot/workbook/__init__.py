"""Workbooks: the directory's file as plain rows, and the empty one an operator fills in."""
