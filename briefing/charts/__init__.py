"""Charts become drawings: what comes in is a chart with its rows, what goes out is a Vega-Lite specification."""
