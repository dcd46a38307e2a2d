"""A check of the tests: a module is changed in one place, and its tests must notice."""
