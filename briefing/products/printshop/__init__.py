"""All that a print shop needs: the printing condition, the job ticket and the pack."""
