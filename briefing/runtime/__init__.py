"""Processes with limits, what is kept between runs, and digests of what a run stands on. Knows no briefing."""
