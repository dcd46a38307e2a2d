"""Tests of `storage/files`: lock, backup and restore, a disk that fails."""
