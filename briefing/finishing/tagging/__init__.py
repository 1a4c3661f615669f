"""The structure tree that the typesetter has written is mended, so that it can be read aloud."""
