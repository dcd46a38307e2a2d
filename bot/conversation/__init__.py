"""From a line to a call: addressing, arguments, questions, dialogues."""
