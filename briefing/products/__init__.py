"""What is made of finished pages, and the table of all products."""
