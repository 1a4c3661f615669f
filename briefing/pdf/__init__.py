"""Reading any PDF safely: opening it, its operators, its geometry, its structure tree, and how one is saved."""
