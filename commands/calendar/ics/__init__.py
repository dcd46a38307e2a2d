"""Events as a calendar file (RFC 5545, `.ics`), out and in. Pure: no database, no Matrix."""
