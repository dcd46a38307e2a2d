"""What was decided: results, minutes, pictures, files."""
