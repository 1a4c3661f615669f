"""An organisation's dress as data: `brand.yaml` is read, judged, and laid over the tokens of the house."""
