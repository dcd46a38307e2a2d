"""Twenty-five ways to hurt the bot, each with a number that passes: `make faults`."""
