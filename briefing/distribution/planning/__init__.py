"""Planning: recipients in; numbered copies, parcels, sheets, weight and cost of each run out."""
