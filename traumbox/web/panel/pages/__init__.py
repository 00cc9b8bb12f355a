"""The pages within the shell."""
