"""Tests of where what is public is handed out."""
