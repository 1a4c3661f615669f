"""Distribution: a list of recipients in; numbered copies, parcels and a record of who holds which copy out."""
