"""The reading side: projections, metrics, networks and the DuckDB door."""
