// Figures by month as bars and lines: data-plot holds them, the table beside says the same.
import { word } from "./words.js";

const HALF_A_MONTH = 15 * 86_400;
const INK = ["--accent", "--warn-ink", "--danger"];

// So many that their names have room, the newest among them.
const everyNth = (times, nth) => times.filter((_, number) => (times.length - 1 - number) % nth === 0);

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function shown(value, unit) {
  if (value === null) return "";
  const options = unit ? { style: "currency", currency: unit, maximumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(document.documentElement.lang, options).format(value);
}

function series(uPlot, one, number, count, unit) {
  const stroke = colour(INK[number % INK.length]);
  const width = 0.7 / count;
  const look = one.bars
    ? { fill: `${stroke}44`, points: { show: false }, paths: uPlot.paths.bars({ size: [width, 40], align: number === 0 && count > 1 ? -1 : count > 1 ? 1 : 0 }) }
    : { width: 2, points: { size: 6 } };
  return { label: one.label, stroke, value: (_, value) => shown(value, unit), ...look };
}

async function draw(place) {
  place.dataset.drawn = "yes";
  const { months, series: drawn, unit } = JSON.parse(place.dataset.plot);
  const { default: uPlot } = await import("../vendor/uplot/uPlot.esm.js");
  const times = months.map((month) => Date.parse(`${month}T12:00:00Z`) / 1000);
  const named = new Intl.DateTimeFormat(document.documentElement.lang, { month: "short", year: "2-digit", timeZone: "UTC" });
  const bars = drawn.filter((one) => one.bars).length;
  const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const made = new uPlot(
    {
      width: place.clientWidth,
      height: 260,
      scales: { x: { range: (_, first, last) => [first - HALF_A_MONTH, last + HALF_A_MONTH] }, y: { range: (_, least, most) => [Math.min(0, least), Math.max(1, most * 1.1)] } },
      series: [
        { label: word("month"), value: (_, time) => (time === null ? "" : named.format(time * 1000)) },
        ...drawn.map((one, number) => series(uPlot, one, number, Math.max(1, bars), unit)),
      ],
      axes: [
        { ...axis, values: (_, marks) => marks.map((time) => named.format(time * 1000)), splits: (plot) => everyNth(times, Math.ceil((times.length * 64) / plot.width)) },
        { ...axis, size: 76, values: (_, marks) => marks.map((value) => shown(value, unit)) },
      ],
    },
    [times, ...drawn.map((one) => one.values)],
    place,
  );
  new ResizeObserver(() => made.setSize({ width: place.clientWidth, height: 260 })).observe(place);
}

const wake = () => document.querySelectorAll("[data-plot]:not([data-drawn])").forEach(draw);
wake();
document.addEventListener("htmx:after:swap", wake);
