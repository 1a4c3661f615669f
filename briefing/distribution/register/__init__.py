"""The copy register: what was printed, which copy is with whom, and every act in a chain of events."""
