"""What a PDF's use requires beyond typesetting: one module for each step. Only this package writes with pikepdf."""
