"""Reading any PDF safely: its geometry, its content, its objects and words, its structure tree, and how one is saved."""
