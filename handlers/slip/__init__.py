"""Slips: one petition on one person's phone."""
