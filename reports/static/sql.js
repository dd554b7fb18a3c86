// The SQL console: the editor, what can be asked beside it, and the answer as a table, a chart and CSV.
// Everything that comes from the log is put on the page as text, never as HTML.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("console").textContent);
  const $ = (name) => document.querySelector(`[data-${name}]`);
  const ROWS_A_TURN = 400;
  const CELLS_AT_ONCE = 40_000; // with more in a table every turn of the wheel takes a browser long
  const BARS_MAX = 60;
  const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL.*)$/;
  const TIME = /^(DATE|TIMESTAMP.*)$/;
  let asking = null;
  let answer = null;
  let filling = 0;
  let fillRest = () => {};

  function element(name, attributes = {}, ...children) {
    const one = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) one.setAttribute(key, value);
    }
    one.append(...children);
    return one;
  }

  // What can be asked.

  const insertable = (text) => {
    const button = element("button", { type: "button", class: "name" }, text);
    button.addEventListener("click", () => editor.insert(text));
    return button;
  };

  function viewOf(view, open) {
    const list = element("ul");
    for (const column of view.columns) {
      const type = element("span", { class: "type" }, column.type.toLowerCase());
      const meaning = element("small", {}, column.meaning);
      list.append(element("li", {}, insertable(column.name), type, meaning));
    }
    return entry(view.name, [element("p", {}, view.meaning), insertable(view.name), list], open);
  }

  function entry(title, content, open) {
    const details = element("details", {}, element("summary", {}, element("code", {}, title)));
    details.append(...content);
    details.open = open;
    return details;
  }

  const has = (text, wanted) => text.toLowerCase().includes(wanted);

  function showNames() {
    const wanted = $("find").value.trim().toLowerCase();
    const views = data.views
      .map((view) => {
        if (!wanted || has(view.name, wanted)) return view;
        return { ...view, columns: view.columns.filter((one) => has(one.name, wanted)) };
      })
      .filter((view) => view.columns.length > 0);
    const macros = data.macros.filter((one) => !wanted || has(one.signature, wanted));
    const places = [];
    if (views.length) places.push(element("h3", {}, "Views"));
    places.push(...views.map((view) => viewOf(view, wanted !== "" && views.length < 4)));
    if (macros.length) places.push(element("h3", {}, "Macros"));
    places.push(
      ...macros.map((one) =>
        entry(one.signature, [element("p", {}, one.meaning), insertable(one.signature)], false),
      ),
    );
    if (!places.length) places.push(element("p", { class: "no-match" }, "Nothing is called so."));
    $("names").replaceChildren(...places);
  }

  // The address, which holds the query behind its #.

  const addressed = (sql) => `#q=${encodeURIComponent(sql)}`;

  function fromAddress() {
    const found = window.location.hash.match(/^#q=(.*)$/s);
    if (!found) return null;
    try {
      return decodeURIComponent(found[1]);
    } catch {
      return null;
    }
  }

  // Asking.

  function tell(text, bad = false) {
    const told = $("told");
    told.textContent = text;
    told.classList.toggle("bad", bad);
  }

  async function run() {
    const sql = editor.text.trim();
    if (!sql) {
      tell("There is no query to run yet.");
      editor.focus();
      return;
    }
    if (fromAddress() !== sql) window.history.pushState(null, "", addressed(sql));
    asking?.abort();
    const mine = (asking = new window.AbortController());
    busy(true);
    tell("Running…");
    const began = window.performance.now();
    try {
      const said = await window.fetch("/sql/answers", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ sql }),
        signal: mine.signal,
      });
      const seconds = () => (window.performance.now() - began) / 1000;
      if (said.ok) show(await said.json(), seconds());
      else refuse(await problemOf(said));
    } catch (error) {
      if (error.name === "AbortError") {
        if (mine === asking) tell("Cancelled.");
      } else {
        refuse({ title: "No answer", detail: "The server could not be reached." });
      }
    } finally {
      if (mine === asking) {
        asking = null;
        busy(false);
      }
    }
  }

  async function problemOf(said) {
    if (said.status === 404) return { title: "Signed out", detail: "Sign in again, then run it once more." };
    try {
      return await said.json();
    } catch {
      return { title: "No answer", detail: `The server answered ${said.status}.` };
    }
  }

  function busy(is) {
    const held = document.activeElement === (is ? $("run") : $("cancel"));
    $("cancel").hidden = !is;
    $("run").disabled = is;
    if (held) (is ? $("cancel") : $("run")).focus();
    $("answer").setAttribute("aria-busy", String(is));
  }

  function refuse({ title, detail }) {
    answer = null;
    filling += 1;
    tell(title, true);
    $("answer").hidden = false;
    $("tools").hidden = true;
    $("figure").hidden = true;
    $("answer-title").textContent = title;
    reading("");
    $("rows").replaceChildren(element("pre", {}, element("code", {}, detail || title)));
    bringUp();
  }

  const counted = (n, word) => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;

  function reading(text, cut = false) {
    $("reading").textContent = text;
    $("reading").classList.toggle("cut", cut);
  }

  function show(said, seconds) {
    answer = said;
    const many = counted(said.rows.length, "row");
    const first = said.is_cut ? `Only the first ${many}` : said.rows.length ? many : "No rows";
    tell(`${first} in ${seconds.toFixed(seconds < 10 ? 1 : 0)} s.`);
    $("answer").hidden = false;
    $("tools").hidden = said.rows.length === 0;
    $("answer-title").textContent = said.is_cut ? `The first ${many}` : first;
    if (said.is_cut) {
      reading("There are more rows: the answer was cut here, and so are its CSV and chart. Ask for less, or for sums.", true);
    } else {
      reading(said.rows.length ? "" : "The query was answered; nothing is as it asks.");
    }
    fill(said);
    draw();
    bringUp();
  }

  // On a small screen the answer is far below.
  function bringUp() {
    if ($("answer").getBoundingClientRect().top > window.innerHeight - 80) {
      $("answer").scrollIntoView({ block: "start" });
    }
  }

  // The table, some rows at a time, and of a large one more only as one scrolls towards its end, so
  // that the page stays responsive.

  function fill(said) {
    const round = ++filling;
    const isNumber = said.types.map((type) => NUMBER.test(type));
    const head = element("tr");
    said.columns.forEach((name, nth) => {
      const type = element("span", { class: "type" }, said.types[nth].toLowerCase());
      head.append(element("th", { scope: "col", class: isNumber[nth] ? "number" : null }, visible(name), type));
    });
    const body = element("tbody");
    const caption = element("caption", { class: "unseen" }, "Answer to the query");
    $("rows").replaceChildren(element("table", {}, caption, element("thead", {}, head), body));
    $("rows").scrollTo(0, 0);
    let next = 0;
    const more = () => {
      const some = document.createDocumentFragment();
      for (const row of said.rows.slice(next, next + ROWS_A_TURN)) some.append(rowOf(row, isNumber));
      body.append(some);
      next += ROWS_A_TURN;
      if (next >= said.rows.length) $("rows").dataset.filled = String(said.rows.length);
    };
    const turn = () => {
      if (round !== filling) return;
      if (next > 0 && next * said.columns.length >= CELLS_AT_ONCE && !isNearEnd($("rows"))) {
        $("rows").addEventListener("scroll", turn, { once: true });
        return;
      }
      more();
      if (next < said.rows.length) window.setTimeout(turn);
    };
    fillRest = () => {
      while (round === filling && next < said.rows.length) more();
    };
    delete $("rows").dataset.filled;
    turn();
  }

  const isNearEnd = (one) => one.scrollTop + 3 * one.clientHeight > one.scrollHeight;

  // What would steer, or draw backwards, is shown as a sign, as at the command line.
  function visible(text) {
    return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (letter) => {
      const code = letter.codePointAt(0);
      if (code < 0x20) return String.fromCodePoint(0x2400 + code);
      return code === 0x7f ? "␡" : "�";
    });
  }

  function rowOf(row, isNumber) {
    const line = document.createElement("tr");
    row.forEach((value, nth) => {
      const cell = document.createElement("td");
      if (value === null) {
        cell.textContent = "NULL";
        cell.className = isNumber[nth] ? "null number" : "null";
      } else {
        cell.textContent = visible(value);
        if (isNumber[nth]) cell.className = "number";
        else if (value.length > 40) cell.title = value;
      }
      line.append(cell);
    });
    return line;
  }

  // CSV as the exports have it: what a spreadsheet would take for a formula has an apostrophe before it.

  function csv(said) {
    const isNumber = said.types.map((type) => NUMBER.test(type));
    const cell = (value, nth) => {
      if (value === null) return "";
      const text = !isNumber[nth] && /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
      return /[",\r\n]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const lines = [said.columns.map((name) => cell(name, -1)), ...said.rows.map((row) => row.map(cell))];
    return lines.map((line) => `${line.join(",")}\r\n`).join("");
  }

  function download() {
    const url = window.URL.createObjectURL(new window.Blob([csv(answer)], { type: "text/csv" }));
    const link = element("a", { href: url, download: "answer.csv" });
    link.click();
    window.setTimeout(() => window.URL.revokeObjectURL(url), 10_000);
  }

  // The chart of two columns: over time or over numbers a line, else bars.

  const safe = (text) => {
    const shown = visible(text);
    const short = shown.length > 40 ? `${shown.slice(0, 39)}…` : shown;
    return short.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  };

  function colour(name) {
    const probe = element("i", { hidden: "" });
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    const found = window.getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function chartable(said) {
    if (said.columns.length !== 2 || said.rows.length < 2) return false;
    return NUMBER.test(said.types[1]) && said.rows.some((row) => row[1] !== null);
  }

  function figureOf(said) {
    const [over, what] = said.types;
    const line = TIME.test(over) || NUMBER.test(over);
    const rows = (line ? said.rows.filter((row) => row[0] !== null) : said.rows.slice(0, BARS_MAX));
    if (line) rows.sort((a, b) => (TIME.test(over) ? (a[0] < b[0] ? -1 : 1) : a[0] - b[0]));
    const keys = rows.map((row) => (line ? row[0] : safe(row[0] ?? "NULL")));
    const values = rows.map((row) => (row[1] === null ? null : Number(row[1])));
    const ink = colour("mute");
    const axis = { automargin: true, fixedrange: true, zeroline: false, gridcolor: colour("line"), linecolor: colour("line"), tickfont: { color: ink, size: 12 } };
    const plain = { ...axis, showgrid: false };
    const named = (nth) => ({ text: safe(said.columns[nth]), font: { color: ink, size: 12 } });
    const hover = { bgcolor: colour("card"), bordercolor: colour("line"), font: { color: colour("ink"), size: 12 } };
    const layout = {
      height: line ? 300 : Math.max(180, 60 + rows.length * 24),
      margin: { l: 8, r: 16, t: 12, b: 8 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      showlegend: false,
      dragmode: false,
      hoverlabel: hover,
      separators: ".,",
      font: { family: "'Inter Variable', system-ui, sans-serif", color: ink, size: 12 },
    };
    if (line) {
      layout.xaxis = { ...plain, title: named(0) };
      layout.yaxis = { ...axis, title: named(1), rangemode: "tozero", separatethousands: true };
    } else {
      const places = keys.map((_, nth) => nth);
      layout.xaxis = { ...axis, title: named(1), separatethousands: true };
      layout.yaxis = { ...plain, autorange: "reversed", tickmode: "array", tickvals: places, ticktext: keys };
    }
    const one = colour("delivered");
    const trace = line
      ? { type: "scatter", mode: rows.length > 90 ? "lines" : "lines+markers", x: keys, y: values, line: { color: one, width: 2 }, marker: { color: one, size: 5 } }
      : { type: "bar", orientation: "h", y: keys.map((_, nth) => nth), x: values, text: keys, textposition: "none", marker: { color: one }, hovertemplate: "%{text}: %{x}<extra></extra>" };
    return { trace, layout, shown: rows.length, line };
  }

  let plotly;

  function withPlotly() {
    plotly ??= new Promise((resolve, reject) => {
      const script = element("script", { src: data.plotly });
      script.addEventListener("load", () => resolve(window.Plotly));
      script.addEventListener("error", reject);
      document.head.append(script);
    });
    return plotly;
  }

  async function draw() {
    const said = answer;
    const can = said !== null && chartable(said);
    const wanted = can && $("chart-toggle").getAttribute("aria-pressed") === "true";
    $("chart-toggle").hidden = !can;
    $("figure").hidden = !wanted;
    if (!wanted) return;
    const Plotly = await withPlotly();
    if (said !== answer) return;
    const { trace, layout, shown, line } = figureOf(said);
    const left = line || shown === said.rows.length ? "" : `, the first ${shown} of ${said.rows.length.toLocaleString("en")}`;
    $("place").setAttribute("aria-label", `Chart of ${said.columns[1]} by ${said.columns[0]}${left}: the table below has the same figures`);
    $("place").style.height = `${layout.height}px`;
    if (left && !said.is_cut) reading(`The chart has the first ${shown} rows.`);
    const config = { displayModeBar: false, displaylogo: false, plotlyServerURL: "", responsive: true, showSendToCloud: false };
    await Plotly.react($("place"), [trace], layout, config);
    $("place").dataset.drawn = "yes";
  }

  // The page.

  function startFrom(sql) {
    editor.text = sql;
    run();
  }

  data.examples.forEach((example, nth) => {
    $("examples").append(element("option", { value: nth }, example.question));
    const link = element("a", { href: addressed(example.sql) }, example.question);
    $("list").append(element("li", {}, link));
  });
  $("examples").addEventListener("change", (event) => {
    if (event.target.value !== "") startFrom(data.examples[event.target.value].sql);
    event.target.value = "";
  });

  document.querySelector(".console").hidden = false;
  $("questions").hidden = false;
  const editor = window.SqlEditor.create({
    at: $("editor"),
    text: fromAddress() ?? "",
    label: "SQL query",
    schema: data.views.map((view) => ({
      label: view.name,
      type: "type",
      info: view.meaning,
      children: view.columns.map((column) => ({
        label: column.name,
        type: "property",
        detail: column.type.toLowerCase(),
        info: column.meaning,
      })),
    })),
    functions: data.macros.map((macro) => ({ label: macro.name, apply: `${macro.name}(`, type: "function", detail: "macro", info: macro.meaning })),
    run,
    changed: () => {},
  });
  showNames();
  $("find").addEventListener("input", showNames);
  $("run").addEventListener("click", run);
  $("cancel").addEventListener("click", () => asking?.abort());
  $("csv").addEventListener("click", download);
  $("copy").addEventListener("click", async () => {
    await window.navigator.clipboard.writeText(window.location.href);
    tell("The link is copied: it has the query in it, not the answer.");
  });
  $("copy").hidden = !window.navigator.clipboard;
  $("chart-toggle").addEventListener("click", (event) => {
    const pressed = event.target.getAttribute("aria-pressed") === "true";
    event.target.setAttribute("aria-pressed", String(!pressed));
    draw();
  });
  window.addEventListener("popstate", () => {
    const sql = fromAddress();
    if (sql !== null) startFrom(sql);
  });
  window.addEventListener("beforeprint", () => fillRest());
  new window.MutationObserver(() => draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
  if (fromAddress() !== null) run();
  else editor.focus();
})();
