// Draws the page's charts from the JSON in it, in the colours of the theme, and keeps them so.
"use strict";

(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const holder = document.getElementById("charts");
  const charts = holder ? JSON.parse(holder.textContent) : { config: {}, figures: {} };

  // Colours are names of custom properties; only an element knows what they are at the moment.
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);

  function colour(name) {
    probe.style.color = name;
    return window.getComputedStyle(probe).color;
  }

  function coloured(value) {
    if (typeof value === "string") return value.startsWith("var(--") ? colour(value) : value;
    if (Array.isArray(value)) return value.map(coloured);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one)]));
  }

  function draw() {
    for (const [name, figure] of Object.entries(charts.figures)) {
      const place = document.querySelector(`[data-chart="${name}"]`);
      const { data, layout } = coloured(figure);
      place.style.height = `${layout.height}px`; // a resized chart would forget it
      window.Plotly.react(place, data, layout, { ...charts.config });
    }
  }

  function remembered() {
    try {
      return window.localStorage.getItem("theme");
    } catch {
      return null; // storage may be refused, from a file for one
    }
  }

  function setTheme(theme, remember) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    if (remember) {
      try {
        window.localStorage.setItem("theme", theme);
      } catch {
        // it then lasts as long as the page
      }
    }
    draw();
  }

  const toggle = document.querySelector("[data-theme-toggle]");
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    setTheme(now === "dark" ? "light" : "dark", true);
  });
  dark.addEventListener("change", draw);

  let before;
  window.addEventListener("beforeprint", () => {
    before = root.dataset.theme;
    setTheme("light", false);
  });
  window.addEventListener("afterprint", () => setTheme(before, false));

  // Labels are measured when they are drawn, so the font has to be there.
  const saved = remembered();
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;
  document.fonts.load("12px 'Inter Variable'").then(draw, draw);
})();
