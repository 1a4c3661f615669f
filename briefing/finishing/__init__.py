"""What a PDF's use requires beyond typesetting, one module for each step. Our own files only."""
