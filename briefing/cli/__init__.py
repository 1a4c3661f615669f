"""The command line: commands, what is said on the terminal, and exit codes."""
