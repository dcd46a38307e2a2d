"""The bot as people see it: built web clients in a real browser. `make clients WEB=folder`."""
