"""What an editor writes: YAML with positions becomes checked records, blocks and texts."""
