"use strict";
// What the run says, put into the page as text; its points, into charts.
(() => {
  const MOST_POINTS = 600, HEIGHT = 220, IN_TABLE = 30;
  const byId = (id) => document.getElementById(id);
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const make = (tag, text, classes) => {
    const made = document.createElement(tag);
    if (text != null) made.textContent = text;
    if (classes) made.className = classes;
    return made;
  };

  const NAMES = ["t", "rate", "asked", "bad", "p50", "p95", "p99", "max"];
  const points = Object.fromEntries(NAMES.map((name) => [name, []]));
  const CHARTS = [
    { key: "throughput", title: "Throughput", unit: "a second", shown: rate, caption: "Ok attempts a second; dashed, what an open load asks for.",
      lines: [["achieved", "rate", "ok"], ["asked", "asked", "asked", true]] },
    { key: "latency", title: "Latency", unit: "seconds", shown: time, log: true, caption: "Response time of ok attempts, logarithmic: from when they were due to their end.",
      lines: [["p50", "p50", "p50"], ["p95", "p95", "p95"], ["p99", "p99", "p99"], ["max", "max", "max", true]] },
    { key: "failures", title: "Not ok", unit: "a second", shown: rate, caption: "Attempts a second that were refused, failed or timed out.",
      lines: [["not ok", "bad", "bad"]] },
  ];

  function digits(value) {
    if (!value) return "0";
    const places = Math.min(Math.max(2 - Math.floor(Math.log10(Math.abs(value))), 0), 6);
    return value.toLocaleString("en-US", { maximumFractionDigits: places });
  }
  function rate(value) { return value == null ? "–" : digits(value) + "/s"; }
  function time(ms) {
    if (ms == null) return "–";
    return ms < 0.9995 ? digits(ms * 1000) + " µs" : ms < 999.5 ? digits(ms) + " ms" : digits(ms / 1000) + " s";
  }
  function clock(seconds) {
    const whole = Math.max(Math.round(seconds), 0), two = (value) => String(value).padStart(2, "0");
    const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
    return (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(whole % 60);
  }

  function say(id, text) { const place = byId(id); if (place.textContent !== text) place.textContent = text; }
  function fill(id, rows) {
    const section = byId(id);
    section.hidden = !rows.length && id !== "operations";
    section.querySelector("tbody").replaceChildren(...rows);
  }
  function row(cells, classes) {
    const made = make("tr", null, classes);
    cells.forEach((cell, place) => {
      const [content, style] = Array.isArray(cell) ? cell : [cell, ""];
      const td = make(place ? "td" : "th", typeof content === "object" ? null : content, style);
      if (!place) td.scope = "row";
      if (typeof content === "object") td.append(content);
      made.append(td);
    });
    return made;
  }
  const SIGNS = { PASS: "✓ ", FAIL: "✕ ", UNPROVEN: "? " };
  const word = (verdict) => make("span", (SIGNS[verdict] || "") + verdict, "word " + verdict.toLowerCase());

  function figures(state) {
    const { load, generator } = state, last = state.rows.filter((one) => !one.done), found = [];
    const bad = last.reduce((sum, one) => sum + one.bad, 0);
    const worst = (name) => { const all = last.map((one) => one[name]).filter((value) => value != null); return all.length ? Math.max(...all) : null; };
    if (load) {
      found.push(["ok attempts", rate(load.achieved_per_s), load.asked_per_s == null ? "" : "asked " + rate(load.asked_per_s)]);
      found.push(["p95, slowest operation", time(worst("p95")), "p99 " + time(worst("p99"))]);
      found.push(["not ok, last seconds", digits(bad), load.dropped ? digits(load.dropped) + " dropped" : ""]);
      found.push(["clients", digits(load.active == null ? load.clients : load.active), digits(load.connections) + " connections" + (load.in_use == null ? "" : ", " + digits(load.in_use) + " in use")]);
    }
    if (generator) found.push(["load process, CPU", digits(100 * generator.cpu_share) + " %", generator.saturated ? "saturated: latencies look worse than they are" : "loop lag p99 " + time(generator.loop_lag_p99)]);
    byId("figures").replaceChildren(...found.map(([name, value, beside]) => {
      const group = make("div"), shown = make("dd", value);
      if (beside) shown.append(make("small", beside));
      group.append(make("dt", name), shown);
      return group;
    }));
  }
  function show(state) {
    const at = state.clock || {};
    say("scenario", state.scenario || "A run");
    document.title = "perfengine: " + (state.scenario || "a run");
    say("about", [state.target, state.server && "PostgreSQL " + state.server].filter(Boolean).join(" · "));
    say("phase", [at.phase, at.name, at.total > 1 ? `${at.number} of ${at.total}` : ""].filter(Boolean).join(" · ") || "waiting");
    say("clock", [clock(at.elapsed_s || 0) + (at.planned_s == null ? "" : " of " + clock(at.planned_s)), at.left_s == null ? "" : clock(at.left_s) + " left"].filter(Boolean).join(", "));
    if (at.share == null) byId("share").removeAttribute("value"); else byId("share").value = at.share;
    figures(state);
    fill("verdicts", state.judgements.map((one) => row([word(one.verdict), [one.operation, "left"], [one.metric + " " + one.limit, "left"], one.observed, [one.why, "left free"]])));
    fill("operations", state.rows.map((one) => row([one.operation, one.ok.toLocaleString("en-US"), rate(one.rate), time(one.p50), time(one.p95), time(one.p99), time(one.max), one.bad.toLocaleString("en-US")], one.done ? "" : "now")));
    fill("errors", state.causes.map((one) => row([one.code, one.name, one.count.toLocaleString("en-US")])));
    byId("notes").hidden = !state.notes.length;
    byId("notes").querySelector("ul").replaceChildren(...state.notes.map((text) => make("li", text)));
  }

  function place(chart) {
    const figure = make("figure", null, "chart"), caption = make("figcaption"), title = make("h3", chart.title + " ", "title");
    title.append(make("span", chart.unit, "unit"));
    caption.append(title, make("p", chart.caption));
    chart.place = make("div", null, "plot");
    chart.place.setAttribute("role", "img");
    chart.details = make("details");
    const table = make("table"), head = make("tr"), wide = make("div", null, "wide");
    ["time", ...chart.lines.map(([label]) => label)].forEach((label) => { const th = make("th", label); th.scope = "col"; head.append(th); });
    table.append(make("thead"), make("tbody"));
    table.tHead.append(head);
    wide.tabIndex = 0; wide.setAttribute("role", "region"); wide.setAttribute("aria-label", "Data: " + chart.title);
    wide.append(table);
    chart.details.append(make("summary", "Data of the last " + IN_TABLE + " seconds"), wide);
    chart.details.addEventListener("toggle", () => tabulate(chart));
    figure.append(caption, chart.place, chart.details);
    byId("charts").append(figure);
  }
  const positive = (chart) => chart.log ? (value) => (value > 0 ? value : null) : (value) => value;
  const columns = (chart) => [points.t, ...chart.lines.map(([, name]) => points[name].map(positive(chart)))];
  function draw(chart) {
    if (chart.plot) chart.plot.destroy();
    const axis = { stroke: color("muted"), grid: { stroke: color("grid"), width: 1 }, ticks: { stroke: color("grid"), width: 1, size: 5 } };
    chart.plot = new uPlot({
      width: Math.max(chart.place.clientWidth, 200), height: HEIGHT, padding: [10, 14, 0, 0],
      scales: { x: { time: false }, y: { distr: chart.log ? 3 : 1, range: chart.log ? undefined : (plot, low, high) => [0, high * 1.06 || 1] } },
      axes: [{ ...axis, space: 64, incrs: [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600], values: (plot, ticks) => ticks.map(clock) },
        { ...axis, size: 64, values: (plot, ticks) => ticks.map((tick) => (tick == null ? "" : chart.shown(tick))) }],
      series: [{ label: "time", value: (plot, value) => (value == null ? "–" : clock(value)) }, ...chart.lines.map(([label, , name, dashed]) => ({
        label, stroke: color(name), width: dashed ? 1.25 : 1.75, dash: dashed ? [5, 4] : undefined, value: (plot, value) => chart.shown(value) }))],
      cursor: { y: false, sync: { key: "time", setSeries: false, scales: ["x", null] }, drag: { x: false, y: false } },
      legend: { markers: { width: 0, fill: (plot, at) => plot.series[at].stroke(plot, at) } },
    }, columns(chart), chart.place);
  }
  function spoken(chart) {
    const last = chart.lines.map(([label, name]) => [label, points[name].findLast((value) => value != null)]);
    return chart.title + " over time. Latest: " + last.map(([label, value]) => label + " " + chart.shown(value)).join(", ");
  }
  function tabulate(chart) {
    if (!chart.details.open) return;
    const rows = points.t.map((at, place) => row([clock(at), ...chart.lines.map(([, name]) => chart.shown(points[name][place]))]));
    chart.details.querySelector("tbody").replaceChildren(...rows.slice(-IN_TABLE).reverse());
  }
  function add(fresh) {
    if (!fresh.length) return;
    for (const point of fresh) for (const name of NAMES) points[name].push(point[name] ?? null);
    for (const name of NAMES) points[name].splice(0, points[name].length - MOST_POINTS);
    for (const chart of CHARTS) {
      chart.plot.setData(columns(chart));
      chart.place.setAttribute("aria-label", spoken(chart));
      tabulate(chart);
    }
  }
  const redraw = () => CHARTS.forEach(draw);

  CHARTS.forEach(place);
  redraw();
  CHARTS.forEach((chart) => chart.place.setAttribute("aria-label", spoken(chart)));
  let later = 0;
  addEventListener("resize", () => { clearTimeout(later); later = setTimeout(redraw, 100); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  const told = new EventSource("/events");
  told.addEventListener("begin", () => { for (const name of NAMES) points[name].length = 0; });
  told.addEventListener("news", (event) => {
    const { state, points: fresh } = JSON.parse(event.data);
    if (state.clock) show(state);
    add(fresh);
  });
  told.addEventListener("error", () => { say("phase", "no answer"); say("clock", "The run has ended at once, or cannot be reached. What is below is what it said last."); });
  told.addEventListener("ended", (event) => {
    told.close();
    if (JSON.parse(event.data).report) { location.replace("/report"); return; }
    say("phase", "the run is over"); say("clock", "It made no report; its terminal says why.");
    byId("share").hidden = true;
  });
})();
