"""Digests: which periods there are, which rates, and what a digest of the ledger says."""
