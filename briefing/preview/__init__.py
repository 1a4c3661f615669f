"""The live preview: a page on this machine that shows both documents and keeps up with what is saved."""
