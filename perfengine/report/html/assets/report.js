"use strict";
// Draws the charts of the page from its data. What it cannot draw stands in the tables, which need no script.
(() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const HEIGHT = 220, PRINTED = 330;
  const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
  const SHAPES = { PASS: "circle", FAIL: "square" };
  const drawn = new Map(); // of the places whose chart is drawn, the chart
  let isPrinting = false;

  const color = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim() || "#888";
  const palette = () => Object.fromEntries(data.colors.map((name) => [name, color(name)]));

  function digits(value) {
    if (!value) return "0";
    const size = Math.floor(Math.log10(Math.abs(value)));
    const text = size >= 2 ? Math.round(value).toString() : value.toFixed(Math.min(2 - size, 9));
    const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
    return short.replace(/\B(?=(\d{3})+$)/g, size >= 3 ? "," : "");
  }
  function scaled(value, steps) {
    const [unit, factor] = steps.find(([, step]) => Math.abs(value) * step < 999.5) || steps[steps.length - 1];
    return digits(value * factor) + " " + unit;
  }
  const TIMES = [["ns", 1e9], ["µs", 1e6], ["ms", 1e3], ["s", 1]];
  const BYTES = [["B", 1], ["kB", 1e-3], ["MB", 1e-6], ["GB", 1e-9]];
  function shown(value, unit) {
    if (value == null) return "–";
    if (unit === "s") return value ? scaled(value, TIMES) : "0 s";
    if (unit === "B" || unit === "B/s") return scaled(value, BYTES) + unit.slice(1);
    if (unit === "fraction") return digits(value * 100) + " %";
    return digits(value) + (unit === "1/s" ? "/s" : "");
  }
  function clock(seconds) {
    const whole = Math.round(seconds), two = (value) => String(value).padStart(2, "0");
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    return (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(whole % 60);
  }
  function nines(x) {
    const share = 100 * (1 - 1 / x);
    return (x >= 10 ? share.toFixed(Math.max(0, Math.round(Math.log10(x)) - 2)) : Math.round(share)) + " %";
  }
  const positive = (values) => values.map((value) => (value > 0 ? value : null));

  function columns(chart) {
    const lines = chart.lines.map((line) => (chart.log ? positive(line.v) : line.v));
    if (chart.kind === "heat") {
      const low = edge(chart, 0);
      return [data.axes[chart.x], data.axes[chart.x].map(() => low)];
    }
    if (chart.kind !== "stack") return [data.axes[chart.x], ...lines];
    const sums = data.axes[chart.x].map(() => 0);
    return [data.axes[chart.x], ...lines.map((line) => line.map((value, at) => (sums[at] += value || 0)))];
  }
  const edge = (chart, place) => 10 ** ((chart.extra.first + place) / chart.extra.fineness) / 1e9;
  const height = (chart) => Math.max(...chart.extra.rows.map((row) => (row.length ? row[0] + row.length - 1 : 0)));

  function yRange(chart) {
    if (chart.kind === "heat") return [edge(chart, 0), edge(chart, height(chart))];
    return (plot, low, high) => {
      if (low == null) return chart.log ? [0.001, 1] : [0, 1];
      const near = chart.limits.map((limit) => limit.v).filter((value) => value < high * 8 && (!chart.log || value > low / 8));
      const top = Math.max(high, ...near), bottom = Math.min(low, ...near);
      if (chart.log) return [10 ** (Math.log10(bottom) - 0.08), 10 ** (Math.log10(top) + 0.08)];
      return [0, top * 1.06 || (chart.unit === "fraction" ? 0.01 : 1)];
    };
  }
  function xScale(chart) {
    if (chart.kind === "nines") return { time: false, distr: 3, log: 10, range: (plot, low, high) => [1, high] };
    if (chart.kind === "heat") {
      const x = data.axes[chart.x];
      return { time: false, range: (plot, low, high) => [low, high === x[x.length - 1] ? high + chart.extra.step : high] };
    }
    if (chart.kind === "trend") return { time: false, range: (plot, low, high) => [low - 0.5, high + 0.5] };
    return { time: false, range: (plot, low, high) => [low === data.axes[chart.x][0] ? 0 : low, high] };
  }
  // 1, 2 and 5 of every power of ten, or the powers alone where there are many
  function logSplits(plot, axis, low, high) {
    const decades = Math.log10(high / low), found = [];
    const steps = decades < 0.7 ? [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9] : decades < 3 ? [1, 2, 5] : [1];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
      for (const step of steps) {
        const value = Number((step * 10 ** power).toPrecision(3));
        if (value >= low && value <= high) found.push(value);
      }
    return found;
  }
  function axes(chart, colors) {
    const base = { stroke: colors.muted, grid: { stroke: colors.grid, width: 1 }, ticks: { stroke: colors.grid, width: 1, size: 5 } };
    const x = { ...base, space: 64, size: 34, incrs: SECONDS, values: (plot, ticks) => ticks.map(clock) };
    if (chart.kind === "nines") {
      x.splits = (plot, axis, low, high) => [1, 2, 10, 20, 100, 1e3, 1e4, 1e5, 1e6, 1e7].filter((value) => value <= high * 1.001);
      x.values = (plot, ticks) => ticks.map((tick) => (tick == null ? "" : nines(tick)));
      x.filter = (plot, ticks) => ticks.map((tick) => (plot.width < 420 && tick === 20 ? null : tick));
    }
    if (chart.kind === "trend") {
      x.incrs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
      x.values = (plot, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? String(tick) : ""));
    }
    const y = {
      ...base, space: 34, size: (plot, ticks) => Math.max(44, 16 + 7 * Math.max(0, ...(ticks || []).map((tick) => (tick || "").length))),
      values: (plot, ticks) => ticks.map((tick) => (tick == null ? "" : shown(tick, chart.unit))),
    };
    if (chart.log) { y.splits = logSplits; y.filter = (plot, ticks) => ticks; }
    return [x, y];
  }
  function series(chart, colors) {
    const x = { label: chart.xl, value: (plot, value) => (value == null ? "" : chart.kind === "nines" ? nines(value) : chart.kind === "trend" ? chart.extra.labels[value - data.axes[chart.x][0]] || "–" : clock(value)) };
    if (chart.kind === "heat") return [x, { paths: () => null, points: { show: false } }];
    const few = data.axes[chart.x].length <= 40;
    return [x, ...chart.lines.map((line) => ({
      label: line.l, stroke: colors[line.c] || colors.c1, width: line.d ? 1.25 : 1.75, dash: line.d ? [5, 4] : undefined,
      points: { show: few && chart.kind === "lines" && !line.d, size: 5, fill: colors[line.c] },
      fill: chart.kind === "stack" && line === chart.lines[0] ? (colors[line.c] || colors.c1) + "66" : undefined,
      paths: chart.kind === "trend" ? undefined : uPlot.paths.linear(),
      value: (plot, value, at, place) => (place == null ? "" : shown(line.v[place], chart.unit)),
    }))];
  }
  const bands = (chart, colors) => chart.kind !== "stack" ? [] : chart.lines.slice(1).map((line, place) => (
    { series: [place + 2, place + 1], fill: (colors[line.c] || colors.c1) + "66" }));

  function paintHeat(chart, colors) {
    return (plot) => {
      const { ctx, bbox } = plot, scale = Math.log1p(chart.extra.most);
      ctx.save();
      ctx.beginPath(); ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height); ctx.clip();
      ctx.fillStyle = colors.heat;
      data.axes[chart.x].forEach((begin, slot) => {
        const row = chart.extra.rows[slot];
        const left = plot.valToPos(begin, "x", true), right = plot.valToPos(begin + chart.extra.step, "x", true);
        for (let place = 1; place < row.length; place++) {
          if (!row[place]) continue;
          const low = plot.valToPos(edge(chart, row[0] + place - 1), "y", true), high = plot.valToPos(edge(chart, row[0] + place), "y", true);
          ctx.globalAlpha = 0.1 + (0.9 * Math.log1p(row[place])) / scale;
          ctx.fillRect(left, high, Math.max(right - left, 1), low - high);
        }
      });
      ctx.restore();
    };
  }
  function paintLimits(chart, colors) {
    return (plot) => {
      const { ctx, bbox } = plot, ratio = uPlot.pxRatio;
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = colors.fail; ctx.lineWidth = ratio; ctx.setLineDash([2 * ratio, 3 * ratio]);
      ctx.font = 11 * ratio + "px system-ui, sans-serif"; ctx.textAlign = "right"; ctx.textBaseline = "bottom";
      for (const limit of chart.limits) {
        const y = plot.valToPos(limit.v, "y", true);
        if (!(y >= bbox.top && y <= bbox.top + bbox.height)) continue;
        ctx.beginPath(); ctx.moveTo(bbox.left, y); ctx.lineTo(bbox.left + bbox.width, y); ctx.stroke();
        ctx.save();
        ctx.setLineDash([]); ctx.lineWidth = 4 * ratio; ctx.lineJoin = "round"; ctx.strokeStyle = colors.ground;
        ctx.strokeText(limit.l, bbox.left + bbox.width - 4 * ratio, y - 2 * ratio);
        ctx.fillText(limit.l, bbox.left + bbox.width - 4 * ratio, y - 2 * ratio);
        ctx.restore();
      }
      ctx.restore();
    };
  }
  function paintTrend(chart, colors) {
    return (plot) => {
      const { ctx } = plot, ratio = uPlot.pxRatio, x = data.axes[chart.x], size = 4 * ratio;
      ctx.save();
      ctx.lineWidth = 2 * ratio; ctx.strokeStyle = colors.c2;
      chart.extra.changes.forEach(([at, before, after], number) => {
        const [from, to] = [x[at], x[chart.extra.changes[number + 1]?.[0] ?? x.length - 1]];
        const start = x[number ? chart.extra.changes[number - 1][0] : 0], isLast = number === chart.extra.changes.length - 1;
        for (const [begin, end, level] of [[start, from, before], [from, isLast ? to + 0.8 : to, after]]) {
          const y = plot.valToPos(level, "y", true);
          ctx.beginPath(); ctx.moveTo(plot.valToPos(begin - 0.4, "x", true), y); ctx.lineTo(plot.valToPos(end - 0.4, "x", true), y); ctx.stroke();
        }
      });
      chart.lines[0].v.forEach((value, place) => {
        if (value == null) return;
        const verdict = chart.extra.verdicts[place], [left, top] = [plot.valToPos(x[place], "x", true), plot.valToPos(value, "y", true)];
        ctx.beginPath();
        if (SHAPES[verdict] === "square") ctx.rect(left - size, top - size, 2 * size, 2 * size);
        else if (SHAPES[verdict] === "circle") ctx.arc(left, top, size, 0, 7);
        else { ctx.moveTo(left, top - size); ctx.lineTo(left + size, top + size); ctx.lineTo(left - size, top + size); ctx.closePath(); }
        ctx.fillStyle = chart.extra.comparable[place] ? colors[{ PASS: "pass", FAIL: "fail" }[verdict] || "unproven"] : colors.ground;
        ctx.strokeStyle = colors[{ PASS: "pass", FAIL: "fail" }[verdict] || "unproven"]; ctx.lineWidth = 1.5 * ratio;
        ctx.fill(); ctx.stroke();
      });
      ctx.restore();
    };
  }
  function plot(place, colors, wide) {
    const chart = data.charts[place.dataset.chart];
    const hooks = { drawClear: [], draw: [] };
    if (chart.kind === "heat") hooks.drawClear.push(paintHeat(chart, colors));
    if (chart.kind === "trend") hooks.draw.push(paintTrend(chart, colors));
    if (chart.limits.length) hooks.draw.push(paintLimits(chart, colors));
    return new uPlot({
      width: wide, height: HEIGHT, hooks, bands: bands(chart, colors), padding: [10, 26, 0, 0],
      scales: { x: xScale(chart), y: { distr: chart.log ? 3 : 1, log: 10, range: yRange(chart) } },
      axes: axes(chart, colors), series: series(chart, colors),
      legend: { show: chart.kind !== "heat", markers: { width: 0, fill: (plot, at) => plot.series[at].stroke(plot, at) } },
      cursor: { y: false, sync: chart.group ? { key: chart.group, setSeries: false, scales: ["x", null] } : undefined, points: { show: chart.kind !== "heat" }, drag: { x: true, y: false } },
    }, columns(chart), place);
  }
  const width = (place) => (isPrinting ? PRINTED : Math.max(200, Math.floor(place.clientWidth)));

  // A chart is drawn when it comes near the window: the page of a hundred opens as fast as that of three.
  const places = [...document.querySelectorAll("[data-chart]")];
  const near = new IntersectionObserver((seen) => draw(seen.filter((one) => one.isIntersecting).map((one) => one.target)), { rootMargin: "50% 0px" });
  function draw(wanted) {
    const fresh = wanted.filter((place) => !drawn.has(place));
    if (!fresh.length) return;
    const colors = palette(), widths = fresh.map(width);
    fresh.forEach((place, at) => { near.unobserve(place); drawn.set(place, plot(place, colors, widths[at])); });
  }
  function redraw(wanted = [...drawn.keys()]) {
    drawn.forEach((one) => one.destroy());
    drawn.clear();
    draw(wanted);
  }
  let later = 0;
  function refit() {
    clearTimeout(later);
    later = setTimeout(() => drawn.forEach((one, place) => {
      const wide = width(place);
      if (wide !== one.width) one.setSize({ width: wide, height: HEIGHT });
    }), 100);
  }
  root.classList.add("drawing");
  // ... and the others while nothing else is to be done: somebody may save the page, or take a picture of all of it
  function drawRest() {
    const next = places.find((place) => !drawn.has(place));
    if (next) { draw([next]); soon(drawRest); }
    else root.dataset.charts = "drawn";
  }
  const soon = globalThis.requestIdleCallback || ((then) => setTimeout(then, 50));
  places.forEach((place) => near.observe(place));
  addEventListener("load", () => soon(drawRest));
  addEventListener("resize", refit);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw());
  addEventListener("beforeprint", () => { isPrinting = true; root.classList.add("printing"); redraw(places); });
  addEventListener("afterprint", () => { isPrinting = false; root.classList.remove("printing"); redraw(); });
})();
