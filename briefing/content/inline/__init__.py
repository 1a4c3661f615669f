"""What a line of text may hold besides CommonMark: figures, source marks, marks of notes, words of another language."""
