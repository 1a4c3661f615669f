"""What tells one copy from another, put onto finished pages without setting them again."""
