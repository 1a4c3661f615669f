"""An organisation's dress as data: `brand.yaml` is read, judged, and laid over the tokens of the house."""

FILE = "brand.yaml"  # as it is called where nothing names it
