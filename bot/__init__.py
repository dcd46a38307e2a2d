"""The machine: it knows Matrix, time, language and permission. It knows no capability."""
