// Draws the page's charts from the JSON in it, in the colours of the theme, and keeps them so; on the
// site it also follows the controls without loading the whole page again. Without it all links and
// forms still work.
"use strict";

(() => {
  // How wide a card of a row is inside on a sheet of A4, whatever the window.
  const PAPER_PAIR = 529;
  const PAPER_SINGLE = 1_111;
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let charts = read();
  let drawing = 0;
  let onPaper = false;
  let nearing;
  let asking;
  let shownPath = window.location.pathname;

  function read() {
    const holder = document.getElementById("charts");
    return holder ? JSON.parse(holder.textContent) : { config: {}, figures: {} };
  }

  // Colours are names of custom properties; only an element knows what they are at the moment.
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  let known = new Map();

  function colour(name) {
    if (!known.has(name)) {
      probe.style.color = name;
      known.set(name, window.getComputedStyle(probe).color);
    }
    return known.get(name);
  }

  function coloured(value) {
    if (typeof value === "string") return value.startsWith("var(--") ? colour(value) : value;
    if (Array.isArray(value)) return value.map(coloured);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one)]));
  }

  function drawOne(name) {
    const place = document.querySelector(`[data-chart="${name}"]`);
    const { data, layout } = coloured(charts.figures[name]);
    if (onPaper) layout.width = place.closest(".pair") ? PAPER_PAIR : PAPER_SINGLE;
    window.Plotly.react(place, data, layout, { ...charts.config });
  }

  function clear(part) {
    part.querySelectorAll("[data-chart].js-plotly-plot").forEach((one) => window.Plotly.purge(one));
  }

  // What is on the screen or comes onto it first, the rest when the browser has time; a newer drawing
  // ends an older.
  function draw(atOnce = false) {
    const round = ++drawing;
    known = new Map();
    nearing?.disconnect();
    const left = new Set(Object.keys(charts.figures));
    const one = (name) => left.delete(name) && drawOne(name);
    const places = [...left].map((name) => document.querySelector(`[data-chart="${name}"]`));
    const isAhead = (place) => atOnce || place.getBoundingClientRect().top < window.innerHeight;
    places.filter(isAhead).forEach((place) => one(place.dataset.chart));
    nearing = new window.IntersectionObserver((seen) => {
      seen.filter((each) => each.isIntersecting).forEach((each) => one(each.target.dataset.chart));
    });
    places.forEach((place) => nearing.observe(place));
    const rest = () => {
      if (round !== drawing || left.size === 0) return;
      one(left.values().next().value);
      whenIdle(rest);
    };
    whenIdle(rest);
  }

  // Safari has no idle time to give.
  function whenIdle(then) {
    if (window.requestIdleCallback) window.requestIdleCallback(then, { timeout: 1_000 });
    else window.setTimeout(then);
  }

  // On a narrow screen the menu is wider than its place.
  function showCurrent() {
    const menu = document.querySelector(".menu");
    const current = menu.querySelector("[aria-current]");
    if (current) menu.scrollLeft = current.offsetLeft - menu.offsetLeft - (menu.clientWidth - current.offsetWidth) / 2;
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
    draw(true);
  }

  const toggle = document.querySelector("[data-theme-toggle]");
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    setTheme(now === "dark" ? "light" : "dark", true);
  });
  dark.addEventListener("change", () => draw());

  let before;
  window.addEventListener("beforeprint", () => {
    before = root.dataset.theme;
    onPaper = true;
    setTheme("light", false);
  });
  window.addEventListener("afterprint", () => {
    onPaper = false;
    clear(root); // a chart drawn anew keeps its width
    setTheme(before, false);
  });

  const toTop = () => window.scrollTo({ top: 0, behavior: "instant" });

  // Another look at the page: its main part is fetched and replaced, and the address says what is
  // shown. Whatever is not such a page is left to the browser.
  async function show(address, push) {
    asking?.abort();
    asking = new window.AbortController();
    const main = document.querySelector("main");
    main.setAttribute("aria-busy", "true");
    let next;
    try {
      const answer = await window.fetch(address, { signal: asking.signal });
      const text = await answer.text();
      next = new window.DOMParser().parseFromString(text, "text/html");
    } catch (error) {
      if (error.name === "AbortError") return;
    }
    if (!next?.querySelector("[data-controls]")) {
      window.location.assign(address);
      return;
    }
    const held = heldIn(main);
    clear(main);
    for (const part of ["main", ".menu"]) {
      document.querySelector(part).replaceWith(document.adoptNode(next.querySelector(part)));
    }
    showCurrent();
    document.title = next.title;
    const elsewhere = new URL(address, window.location.href).pathname !== shownPath;
    if (push) window.history.pushState(null, "", address);
    shownPath = window.location.pathname;
    if (elsewhere) {
      toTop();
      document.querySelector("main").focus({ preventScroll: true });
    } else held?.()?.focus({ preventScroll: true });
    const said = document.querySelector("main h1");
    document.querySelector("[data-said]").textContent = said ? said.textContent : "";
    charts = read();
    if (Object.keys(charts.figures).length > 0 && !window.Plotly) window.location.reload();
    else draw();
  }

  // A file of several pages has the others as templates; what stands after the # says which is shown.
  const whole = document.querySelector("template[data-page]");
  const first = whole && { title: document.title, content: document.querySelector("main").cloneNode(true) };

  function turn() {
    const name = decodeURIComponent(window.location.hash.slice(1));
    const other = document.querySelector(`template[data-page="${window.CSS.escape(name)}"]`);
    if (!other && name !== "" && name !== "overview") return;
    const main = document.querySelector("main");
    clear(main);
    const content = other ? other.content.cloneNode(true) : document.createDocumentFragment();
    if (!other) content.append(...first.content.cloneNode(true).childNodes);
    main.replaceChildren(content);
    document.title = other ? other.dataset.title : first.title;
    const under = name.startsWith("network-") ? "networks" : name || "overview";
    document.querySelectorAll(".menu a").forEach((link) => {
      if (link.getAttribute("href") === `#${under}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    showCurrent();
    charts = read();
    draw();
    toTop();
    main.focus({ preventScroll: true });
  }
  if (whole) window.addEventListener("hashchange", turn);

  // Returns how to find again the control that has the focus.
  function heldIn(main) {
    const one = document.activeElement;
    if (!main.contains(one)) return null;
    if (one.name) return () => document.querySelector(`[data-controls] [name="${one.name}"]`);
    const text = one.textContent.trim();
    const controls = () => [...document.querySelectorAll("[data-controls] a, [data-controls] button")];
    return () => controls().find((other) => other.textContent.trim() === text);
  }

  const usual = { network: "", status: "delivered", compare: "previous" };

  function submit(form) {
    const pairs = [...new window.FormData(form)].filter(([name, value]) => usual[name] !== value);
    show(`${form.getAttribute("action")}?${new window.URLSearchParams(pairs)}`, true);
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-controls]")) return;
    event.preventDefault();
    submit(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-controls] select")) submit(event.target.form);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (!link || !document.querySelector("[data-controls]") || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link.href, true);
  });
  window.addEventListener("popstate", () => {
    if (document.querySelector("[data-controls]")) show(window.location.href, false);
  });

  // Labels are measured when they are drawn, so the font has to be there.
  const saved = remembered();
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;
  showCurrent();
  const begin = () => (whole && window.location.hash ? turn() : draw());
  // A card may be called as a page is, and the browser goes to it when all is loaded.
  if (whole && window.location.hash) window.addEventListener("load", () => window.requestAnimationFrame(toTop));
  document.fonts.load("12px 'Inter Variable'").then(begin, begin);
})();
