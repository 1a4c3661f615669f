"""A laid document that follows its text: only what an edit touches is laid again, in a process that keeps it."""
