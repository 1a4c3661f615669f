"""Reading any PDF safely: geometry, content, objects and words, structure tree, and how one is saved."""
