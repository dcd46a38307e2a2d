"""Contacts: two people of two networks reach each other, once both have said yes."""
