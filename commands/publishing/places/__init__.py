"""Where what is public is handed out: a folder, a public room, a file for whoever carries it."""

from __future__ import annotations

from commands.publishing.places import export_file, posts, public_room, services, write_job

__all__ = ["export_file", "posts", "public_room", "services", "write_job"]
