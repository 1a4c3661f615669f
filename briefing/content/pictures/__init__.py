"""What a content file may say of its charts and maps."""
