"""Where what is public is handed out: a folder, a public room, a file for whoever carries it."""
