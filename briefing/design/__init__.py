"""How pages look and what they are made for: tokens, papers, uses, and where templates lie."""
