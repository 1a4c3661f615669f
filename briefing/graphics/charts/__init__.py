"""Charts become drawings: a chart with its rows becomes a Vega-Lite specification."""
