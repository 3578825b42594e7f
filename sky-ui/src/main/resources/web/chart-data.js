// What a chart draws, made from the API's answer: one column a step, and a gap where there is no point.

/** Below this many pixels a column, points would only hide each other. */
const PIXELS_A_POINT = 2;

export const kindOf = (series) => series.slice(0, series.indexOf(':'));
export const keyOf = (series) => series.slice(series.indexOf(':') + 1);

/** How many points to ask for on a plot of this width. */
export const pointsFor = (width) => Math.max(2, Math.min(2000, Math.floor(width / PIXELS_A_POINT)));

/**
 * Lines of a chart. A line: {label, series, values, low, high}, arrays with one entry a step, NaN for a gap.
 * Counters are per second where `perSecond`, with the band of their base periods; gauges the last value with min and max; sets the number
 * of their members; histograms their percentiles.
 */
export function toLines(answer, perSecond, baseSeconds) {
  const { from, to, resolution: step } = answer;
  const n = Math.max(0, Math.round((to - from) / step));
  const lines = [];
  for (const one of answer.series) {
    const column = (read) => {
      const values = new Float64Array(n).fill(NaN);
      for (const point of one.points) {
        const i = Math.round((point.time - from) / step);
        if (i >= 0 && i < n) values[i] = read(point) ?? NaN;
      }
      return values;
    };
    const label = one.key;
    if (one.kind === 'counter') {
      const by = perSecond ? step : 1;
      const base = perSecond ? Math.min(step, baseSeconds) : 1;
      const several = perSecond && step > baseSeconds;
      lines.push({
        label,
        series: one.series,
        total: one.total,
        values: column((p) => p.value / by),
        low: several ? column((p) => p.min / base) : null,
        high: several ? column((p) => p.max / base) : null,
      });
    } else if (one.kind === 'gauge') {
      lines.push({ label, series: one.series, total: null, values: column((p) => p.value), low: column((p) => p.min), high: column((p) => p.max) });
    } else if (one.kind === 'set') {
      lines.push({ label, series: one.series, total: one.total, values: column((p) => p.count), low: null, high: null });
    } else {
      for (const q of ['p50', 'p90', 'p99', 'max']) {
        lines.push({ label: `${label} ${q}`, series: one.series, total: one.total, values: column((p) => p[q]), low: null, high: null });
      }
    }
  }
  return { from, to, step, n, lines };
}

/** Lines laid one on the other, as shares of their sum where `shares`; gaps count as nothing. */
export function stacked(data, shares) {
  const below = new Float64Array(data.n);
  const sums = new Float64Array(data.n);
  for (const line of data.lines) line.values.forEach((v, i) => (sums[i] += v || 0));
  const lines = data.lines.map((line) => {
    const low = Float64Array.from(below);
    line.values.forEach((v, i) => {
      const part = shares ? (sums[i] ? (100 * (v || 0)) / sums[i] : 0) : v || 0;
      below[i] += part;
    });
    return { ...line, low, high: Float64Array.from(below) };
  });
  return { ...data, lines };
}

/** Cells of a heat map: [column, lower, upper, count], and the span of values that they cover. */
export function toCells(answer) {
  const { from, to, resolution: step } = answer;
  const cells = [];
  let low = Infinity;
  let high = 0;
  let most = 0;
  for (const point of answer.series[0]?.points ?? []) {
    const column = Math.round((point.time - from) / step);
    for (const [lower, upper, count] of point.buckets ?? []) {
      if (upper <= 0) continue;
      cells.push([column, lower, upper, count]);
      low = Math.min(low, lower || upper);
      high = Math.max(high, upper);
      most = Math.max(most, count / (upper - lower));
    }
  }
  return { from, to, step, n: Math.round((to - from) / step), cells, low, high, most };
}
