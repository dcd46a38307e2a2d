"""The core: Matrix, time, language and permissions. It imports no capability."""
