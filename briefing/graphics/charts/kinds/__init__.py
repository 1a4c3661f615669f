"""Each kind of chart: rows and a sheet become layers."""
