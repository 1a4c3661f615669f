"""How pages look and what they are made for: tokens, papers, editions, and where templates lie."""
