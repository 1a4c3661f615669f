"""What has changed between two versions, as a list, as bars and as a correction slip."""
