// What a chart draws, made from an answer: one column a step, NaN where there is nothing to tell.
import { partsOf } from './chart-description.js';
import { shortFormula } from './formula.js';
import { percentile, percentileName } from './percentiles.js';
import { percentilesOf } from './chart-query.js';

/** How many points to ask for on a plot of this width: at most one a pixel column. */
export const pointsFor = (width) => Math.max(2, Math.min(4000, Math.floor(width)));

/**
 * The lines of a chart: {from, to, step, n, lines}. A line is {label, series, kind, total, values, low, high, mean}: arrays with one entry a
 * step, NaN for a gap; low and high bound the band of the finer periods, null where there is none. Counters are per second unless the chart
 * counts per step. A counter that has no point in a step in which Sky counted others is a zero there, and not a gap.
 */
export function toLines(answer, plan, description) {
  const { from, to, resolution: step } = answer;
  const frame = { from, to, step, n: Math.max(0, Math.round((to - from) / step)), answer, perSecond: description.per !== 'step' };
  const lines = plan.entries.flatMap((entry) => linesOf(entry, frame, answer.sources, description));
  return { from, to, step, n: frame.n, lines };
}

function linesOf(entry, frame, sources, description) {
  if (entry.formula) return [formulaLine(entry, frame, sources)];
  if (entry.each) return eachLine(entry, frame, sources);
  const [line] = sources.get(entry.sources[0]) ?? [];
  if (!line) return [];
  const named = { ...line, series: entry.entry };
  return line.kind === 'histogram' ? percentileLines(named, frame, percentilesOf(description)) : [seriesLine(named, frame)];
}

/** One entry a step: read(point, i), NaN for a gap. */
function column(frame, points, read) {
  const values = new Float64Array(frame.n).fill(NaN);
  for (const point of points) {
    const i = Math.round((point.time - frame.from) / frame.step);
    if (i >= 0 && i < frame.n) values[i] = read(point, i) ?? NaN;
  }
  return values;
}

/** Rates of a step that has just begun would jump: they are of this many seconds at least. */
const LEAST_SECONDS = 5;

/** How much of a step is over: rates of the one that runs are of what it had so far. */
function secondsOf(frame, i) {
  const begin = frame.from + i * frame.step;
  return Math.min(frame.step, Math.max(LEAST_SECONDS, frame.answer.now - begin));
}

/** Zeros in the place of gaps where Sky counted, in steps that are over. */
function withZeros(frame, values) {
  for (let i = 0; i < frame.n; i++) {
    const time = frame.from + i * frame.step;
    if (Number.isNaN(values[i]) && frame.answer.pulse.has(time) && time + frame.step <= frame.answer.now) values[i] = 0;
  }
  return values;
}

function seriesLine(line, frame) {
  const { kind, points } = line;
  const made = { label: line.key, series: line.series, kind, total: line.total ?? null, low: null, high: null, mean: null };
  if (kind === 'counter') {
    const rate = (v, i) => (frame.perSecond ? v / secondsOf(frame, i) : v);
    const values = withZeros(frame, column(frame, points, (p, i) => rate(p.value, i)));
    const base = frame.answer.base ?? frame.answer.period;
    if (!frame.perSecond || frame.step <= base) return { ...made, values };
    // A period without a point was one with nothing; what came in the last two may still be on its way.
    const over = (i) => Math.floor(Math.min(frame.step, frame.answer.now - (frame.from + i * frame.step)) / base);
    const hadNone = (p, i) => p.periods < over(i) - (p.open ? 2 : 0);
    // The rate of a step that runs is of a time that is not that of the periods it has: the band goes as far.
    const low = withZeros(frame, column(frame, points, (p, i) => Math.min(values[i], hadNone(p, i) ? 0 : p.min / base, p.min / base)));
    return { ...made, values, low, high: withZeros(frame, column(frame, points, (p, i) => Math.max(values[i], p.max / base))) };
  }
  if (kind === 'gauge') {
    return { ...made, values: column(frame, points, (p) => p.value), low: column(frame, points, (p) => p.min), high: column(frame, points, (p) => p.max), mean: column(frame, points, (p) => p.mean) };
  }
  return { ...made, values: column(frame, points, (p) => p.count) };
}

function percentileLines(line, frame, percentiles) {
  return percentiles.map((p) => ({
    label: `${line.key} ${percentileName(p)}`,
    series: line.series,
    kind: 'histogram',
    percentile: p,
    total: line.total ?? null,
    values: column(frame, line.points, (point) => percentile(point, p)),
    low: null,
    high: null,
    mean: null,
  }));
}

/** How often values came: of a histogram's steps, as counters are counted. */
export function countLine(line, frame) {
  return withZeros(frame, column(frame, line.points, (p, i) => (frame.perSecond ? p.count / secondsOf(frame, i) : p.count)));
}

function eachLine(entry, frame, sources) {
  const children = (sources.get(entry.each) ?? []).flatMap((line) => (line.kind === 'histogram' ? percentileLines(line, frame, [50]) : [seriesLine(line, frame)]));
  const [parent] = entry.parent ? (sources.get(entry.parent) ?? []) : [];
  if (!parent) return children;
  const whole = seriesLine(parent, frame);
  const rest = whole.values.map((v, i) => {
    const left = v - children.reduce((s, child) => s + (child.values[i] || 0), 0);
    return Math.abs(left) < 1e-9 * Math.abs(v) ? 0 : left;
  });
  const total = whole.total - children.reduce((s, child) => s + child.total, 0);
  const others = { label: `${parent.key} (others)`, series: `rest:${parent.series}`, kind: 'counter', total, values: rest, low: null, high: null, mean: null };
  return total > 0 || children.length === 0 ? [...children, others] : children;
}

function formulaLine(entry, frame, sources) {
  const { operands, evaluate } = entry.formula;
  const columns = operands.map((operand, o) => {
    const [line] = sources.get(entry.sources[o]) ?? [];
    if (!line) return new Float64Array(frame.n).fill(NaN);
    if (operand.field && !(line.kind === 'counter' && operand.field === 'value')) return column(frame, line.points, (p) => p[operand.field]);
    return line.kind === 'histogram' ? countLine(line, frame) : seriesLine(line, frame).values;
  });
  const values = new Float64Array(frame.n);
  for (let i = 0; i < frame.n; i++) {
    const value = evaluate((o) => columns[o][i]);
    values[i] = Number.isFinite(value) ? value : NaN;
  }
  return { label: shortFormula(partsOf(entry.entry).text), series: entry.entry, kind: 'formula', total: null, values, low: null, high: null, mean: null };
}

/** Lines laid one on the other, as shares of their sum where `shares`; where none has a value, there is a gap. */
export function stacked(data, shares) {
  const below = new Float64Array(data.n);
  const sums = new Float64Array(data.n).fill(NaN);
  for (const line of data.lines) line.values.forEach((v, i) => Number.isNaN(v) || (sums[i] = (sums[i] || 0) + v));
  const lines = data.lines.map((line) => {
    const part = line.values.map((v, i) => {
      if (Number.isNaN(sums[i])) return NaN;
      return shares ? (sums[i] ? (100 * (v || 0)) / sums[i] : NaN) : v || 0;
    });
    const low = part.map((p, i) => (Number.isNaN(p) ? NaN : below[i]));
    const high = part.map((p, i) => (Number.isNaN(p) ? NaN : (below[i] += p)));
    return { ...line, counted: line.values, values: part, low, high };
  });
  return { ...data, lines };
}

/**
 * The cells of a heat map: {from, to, step, n, cells, counts, low, high}. A cell is [column, lower, upper, count], its count as it was counted
 * in the step; `weights` is one over the seconds of a column; `counts` says how often values came.
 */
export function toCells(answer, plan, description) {
  const [line] = answer.sources.get(plan.entries[0].sources[0]) ?? [];
  const { from, to, resolution: step } = answer;
  const n = Math.max(0, Math.round((to - from) / step));
  const frame = { from, to, step, n, answer, perSecond: description.per !== 'step' };
  const cells = [];
  let low = Infinity;
  let high = -Infinity;
  for (const point of line?.points ?? []) {
    const column = Math.round((point.time - from) / step);
    if (column < 0 || column >= n) continue;
    for (const [lower, upper, count] of point.buckets ?? []) {
      cells.push([column, lower, upper, count]);
      if (lower > 0) low = Math.min(low, lower);
      high = Math.max(high, upper);
    }
  }
  const weights = Float64Array.from({ length: n }, (_, i) => 1 / secondsOf(frame, i));
  return { from, to, step, n, cells, weights, counts: line ? countLine(line, frame) : new Float64Array(n).fill(NaN), low, high };
}
