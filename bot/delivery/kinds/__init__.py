"""One module for each subject: how its effects are written, executed and refused.

Each declares `SUBJECT`, and `bot/delivery/effect_table.py` finds it.
"""
