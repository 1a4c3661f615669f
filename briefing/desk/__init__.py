"""What an editor's desk looks at: lengths, language, typography and meaning of a document as its reader sees it."""
