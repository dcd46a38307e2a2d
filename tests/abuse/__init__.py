"""The abuse list: each rule about hostile input and the tests that hold it (docs/abuse.md)."""
