"""What `traumbox doctor` looks at, by subject."""
