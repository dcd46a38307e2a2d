"""What `minga init` asks, checks and makes: answers, the account, the service of systemd."""
