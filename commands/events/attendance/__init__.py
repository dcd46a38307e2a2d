"""Attendance of events: RSVPs, the roster, shifts and check-in."""
