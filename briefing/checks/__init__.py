"""Editorial judgement: what content must not say, and what a careful editor would query."""
