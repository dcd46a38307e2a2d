"""Tests of the machine, of the rules that every folder keeps, and on real parts."""
