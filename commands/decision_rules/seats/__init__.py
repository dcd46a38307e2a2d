"""Elections of several people: how votes become seats. Pure."""
