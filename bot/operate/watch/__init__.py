"""What shows an operator, their monitoring and systemd how the bot is: `[watch]`, `minga ready`."""
