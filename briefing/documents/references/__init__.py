"""What the parts of a document are called by each other: numbers, letters of annexes and of notes."""
