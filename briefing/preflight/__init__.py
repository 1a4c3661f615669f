"""A finished PDF, ours or not, is judged for its use: what is in it becomes facts, and rules judge the facts."""
