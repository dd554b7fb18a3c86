"""How the networks deliver: run it cell by cell, or as `python notebook.py CATALOGUE`."""

# %% The catalogue, opened read-only; a running server does not mind.
import sys
from pathlib import Path

import duckdb

path = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1].endswith(".duckdb") else None
catalogue = duckdb.connect(path or "data/analytics.duckdb", read_only=True)

# %% What there is, in the catalogue's own words.
catalogue.sql("select view_name, comment from duckdb_views() where not internal").show()
catalogue.sql("describe delivery_daily").show()

# %% A polars frame: rates come with their intervals.
import polars as pl  # noqa: E402

daily = pl.DataFrame(
    catalogue.sql("""
        select date, network, messages, delivered, delivery_rate, latency_p95
        from delivery_daily
        where not provisional
        order by date, network
    """)
)
print(daily)

# %% Rates of rates are wrong: take counts, and divide. The interval is a macro.
networks = pl.DataFrame(
    catalogue.sql("""
        select
            network,
            sum(messages) as sent,
            sum(delivered) as arrived,
            arrived / sent as rate,
            wilson_low(arrived, sent) as rate_low,
            wilson_high(arrived, sent) as rate_high
        from delivery_daily
        group by network
        order by sent desc
    """)
)
print(networks)

# %% Percentiles of percentiles are wrong too: sum the cells. As a pandas frame.
weekly = catalogue.sql("""
    select
        date_trunc('week', date) as week,
        network,
        sum(messages) as arrived,
        quantile_of_cells(latency_seconds, messages, 0.95) as latency_p95
    from latency_cells
    group by week, network
    order by week, network
""").df()
print(weekly.pivot(index="week", columns="network", values="latency_p95"))

# %% A chart: Plotly, with the interval as bars.
import plotly.graph_objects as go  # noqa: E402

figure = go.Figure(
    go.Scatter(
        x=networks["rate"].to_list(),
        y=networks["network"].to_list(),
        mode="markers",
        error_x={
            "type": "data",
            "symmetric": False,
            "array": (networks["rate_high"] - networks["rate"]).to_list(),
            "arrayminus": (networks["rate"] - networks["rate_low"]).to_list(),
        },
    ),
    layout={"title": {"text": "Delivered, with 95 % intervals"}, "xaxis": {"tickformat": ".1%"}},
)
figure.write_html(Path(path or "data/analytics.duckdb").parent / "networks.html")
