"""What is wrong with charts and maps before they are drawn."""
