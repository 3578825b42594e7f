// What a chart asks of the API, and the answer in one piece: a source of points for each entry of its description.
import * as api from './api.js';
import { partsOf, PERCENTILES } from './chart-description.js';
import { operandOf, parseFormula } from './formula.js';

/** The greatest children that are drawn one by one; the others are drawn together. */
const MOST_CHILDREN = 20;
/** The most that a pattern may match; what reads many rests long (chart.js). */
const MOST_MATCHED = 5000;
/** Of so many keys a sum is asked for key by key, where it is drawn in seconds. The members of sets can't be told apart in a page. */
const MOST_LISTED = { counter: 100, gauge: 100, histogram: 20, set: 0 };
const TOLD_PERCENTILES = [50, 90, 99, 100];
/** What Sky counts whenever it counts anything: a step with a point of it, and none of a counter, is a zero; without, a gap. */
export const PULSE = 'counter:sky>ledger|counted';

/** Percentiles in the order in which they are drawn. */
export const percentilesOf = (description) => description.percentiles ?? PERCENTILES;

/**
 * The sources of a description: {series, patterns, entries}. `series` are asked one by one, `patterns` ([{match, as, n}]) each by a request;
 * `entries` say for each entry of the description where its points come from.
 */
export function planOf(description) {
  const series = new Set();
  const patterns = new Map();
  const one = (kind, key) => {
    series.add(`${kind}:${key}`);
    return `${kind}:${key}`;
  };
  const sum = (kind, key) => {
    patterns.set(`sum:${kind}:${key}`, { match: `${kind}:${key}`, as: 'sum', maxSeries: MOST_MATCHED });
    return `sum:${kind}:${key}`;
  };
  const source = ({ how, kind, key }) => (how === 'sum' ? sum(kind, key) : one(kind, key));
  const entries = description.series.map((entry) => {
    const parts = partsOf(entry);
    if (parts.how === 'formula') {
      const formula = parseFormula(parts.text);
      return { entry, formula, sources: formula.operands.map((o) => source({ ...operandOf(o), kind: operandOf(o).kind ?? 'counter' })) };
    }
    if (parts.how === 'each') {
      const name = `each:${parts.kind}:${parts.key}`;
      patterns.set(name, { match: `${parts.kind}:${parts.key}`, as: 'top', n: MOST_CHILDREN, maxSeries: MOST_MATCHED });
      const parent = parts.kind === 'counter' && parts.key.endsWith('|*') ? one('counter', parts.key.slice(0, -2)) : null;
      return { entry, each: name, parent };
    }
    return { entry, sources: [source(parts)] };
  });
  return { series: [...series], patterns, entries };
}

/** Whether the points need their buckets. */
export function needsBuckets(description) {
  return description.mode === 'heat' || percentilesOf(description).some((p) => !TOLD_PERCENTILES.includes(p));
}

/**
 * Asks for a plan: {now, period, from, to, resolution, partial, sources, pulse, listable}. `sources` is a map of the plan's names to lists of
 * {series, key, kind, total, points}; `pulse` is the set of times of the steps in which Sky counted anything at all. The sums that are named
 * in `listed` come as a line for each key; `listable` are those of so few keys that this may be asked for.
 */
export async function ask(plan, from, to, points, buckets, signal, listed = new Set()) {
  const range = { from: Math.floor(from), to: Math.ceil(to), points, buckets: buckets || undefined };
  const asked = [...new Set([...plan.series, PULSE])];
  const [plain, ...matched] = await Promise.all([
    api.seriesBy({ ...range, series: asked }, signal),
    ...[...plan.patterns].map(([name, pattern]) => api.seriesBy({ ...range, ...pattern, ...(listed.has(name) ? { as: 'list' } : {}) }, signal)),
  ]);
  const sources = new Map(plain.series.map((s) => [s.series, [s]]));
  [...plan.patterns.keys()].forEach((name, i) => sources.set(name, matched[i].series));
  const { now, period, resolution } = plain;
  const partial = [...new Set([plain, ...matched].flatMap((a) => a.partial ?? []))];
  const pulse = new Set(sources.get(PULSE)[0].points.map((p) => p.time));
  const isListable = ({ match }) => match.as !== 'top' && match.matched > 0 && match.matched <= MOST_LISTED[match.kind];
  const listable = new Set([...plan.patterns.keys()].filter((_, i) => isListable(matched[i])));
  return { now, period, from: plain.from, to: plain.to, resolution, partial, sources, pulse, listable };
}

/** The same, moved on in time. */
export function later(answer, seconds) {
  const points = (s) => ({ ...s, points: s.points.map((p) => ({ ...p, time: p.time + seconds })) });
  return {
    ...answer,
    now: answer.now + seconds,
    from: answer.from + seconds,
    to: answer.to + seconds,
    sources: new Map([...answer.sources].map(([name, all]) => [name, all.map(points)])),
    pulse: new Set([...answer.pulse].map((t) => t + seconds)),
  };
}
