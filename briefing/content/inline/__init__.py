"""What a line of text may hold besides CommonMark."""
