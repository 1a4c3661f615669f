"""Review copies: numbered lines, notes, findings and a fact-check sheet."""
