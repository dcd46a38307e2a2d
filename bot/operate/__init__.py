"""What an operator meets: the command line, configuration, first login, the doctor."""
