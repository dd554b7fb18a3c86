// The charts: Plotly with the traces that the pages draw (scatter is always in it), as window.Plotly.
// Bundled by `make bundles` into reports/static: a browser takes a third of the time to evaluate it
// that it takes for the bundle Plotly publishes with these traces and others.
/*! plotly.js, Copyright Plotly, Inc., MIT licence */
import Plotly from "plotly.js/lib/core";
import bar from "plotly.js/lib/bar";
import heatmap from "plotly.js/lib/heatmap";

Plotly.register([bar, heatmap]);
window.Plotly = Plotly;
