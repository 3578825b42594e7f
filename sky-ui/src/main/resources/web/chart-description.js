// What one chart draws, as a plain JSON object: it stands in the address and in dashboards.

/**
 * A description:
 *
 *   {
 *     "series": ["counter:http_status|200"],  1 to 40, in the order of their colours, each one of
 *                 KIND:KEY                    one series, as the API writes it
 *                 sum:KIND:PATTERN            the sum of all that match
 *                 each:KIND:PATTERN           each that matches: the 20 greatest, and what is left of their parent
 *                 =FORMULA                    arithmetic of keys, as formula.js reads it
 *     "mode": "line",           or "stack", "share" (of 100 %), "heat" (one histogram)
 *     "title": "Errors",        where there is none: its keys
 *     "per": "second",          or "step": what counters count
 *     "axis": "linear",         or "log"
 *     "percentiles": [50, 90, 99, 100],  of histograms; 100 is the maximum
 *     "values": [0, 250]        the span of values that is zoomed in to
 *   }
 *
 * All but `series` may be left out. Unknown fields are kept: they are others' (a grid has its place there).
 */
const KINDS = ['counter', 'gauge', 'histogram', 'set'];
const MODES = ['line', 'stack', 'share', 'heat'];
const MOST_SERIES = 40;
const MOST_PERCENTILES = 10;
const LONGEST_KEY = 600;
const LONGEST_FORMULA = 4000;
const LONGEST_TITLE = 200;

export const PERCENTILES = [50, 90, 99, 100];

/** One entry of `series` in parts: {how: 'one' | 'sum' | 'each', kind, key} or {how: 'formula', text}; null where it is none. */
export function partsOf(entry) {
  if (entry.startsWith('=')) return { how: 'formula', text: entry.slice(1).trim() };
  const match = /^(?:(sum|each):)?([a-z]+):(.+)$/su.exec(entry);
  return match && KINDS.includes(match[2]) ? { how: match[1] ?? 'one', kind: match[2], key: match[3] } : null;
}

/** How an entry is called where people read it. */
export function nameOf(entry) {
  const parts = partsOf(entry);
  return parts.how === 'formula' ? parts.text : parts.key;
}

/** The chart of a series that was chosen, as it looks at first. */
export const describe = (series) => ({ series: [series], ...(partsOf(series).kind === 'histogram' ? { mode: 'heat' } : {}) });

/** A description from outside, or null where it is none: what is nonsense in it is left out. */
export function readDescription(given) {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return null;
  const { series, mode, title, per, axis, percentiles, values, ...others } = given;
  if (!Array.isArray(series) || series.length === 0 || series.length > MOST_SERIES || !series.every(isEntry)) return null;
  const read = { ...others, series: [...series] };
  if (MODES.includes(mode) && (mode !== 'heat' || canHeat(series))) read.mode = mode;
  if (typeof title === 'string' && title.length > 0 && title.length <= LONGEST_TITLE) read.title = title;
  if (per === 'step' || per === 'second') read.per = per;
  if (axis === 'log' || axis === 'linear') read.axis = axis;
  if (Array.isArray(percentiles) && percentiles.length <= MOST_PERCENTILES && percentiles.every((p) => p > 0 && p <= 100)) read.percentiles = [...percentiles];
  if (Array.isArray(values) && values.length === 2 && values.every(Number.isFinite) && values[0] < values[1]) read.values = [...values];
  return read;
}

function isEntry(entry) {
  if (typeof entry !== 'string' || entry.length > LONGEST_FORMULA) return false;
  const parts = partsOf(entry);
  return parts !== null && (parts.how === 'formula' ? parts.text !== '' : parts.key.length <= LONGEST_KEY);
}

/** Whether a heat map can be drawn: of one histogram, or of the sum of some. */
export function canHeat(series) {
  const parts = series.length === 1 ? partsOf(series[0]) : null;
  return parts !== null && parts.kind === 'histogram' && parts.how !== 'each';
}
