"""Announcements to the rooms of linked networks."""
