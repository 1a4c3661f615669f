"""What a photocopy of a page would lose."""
