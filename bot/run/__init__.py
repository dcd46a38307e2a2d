"""Builds the machine and runs it: dispatch, transactions, jobs, the scheduler, limits."""
