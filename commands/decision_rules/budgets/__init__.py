"""Spending rules: what a budget buys, given what each person would pay for. Pure."""
