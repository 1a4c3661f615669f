"""A page becomes what a printer asks for: inks, marks, PDF/X-4, and a coarse proof of it."""
