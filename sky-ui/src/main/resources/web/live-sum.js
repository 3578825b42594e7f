// The sum of keys that match a pattern, added up here as the servers do it (docs/http-api.md): only the seconds of each key come with the
// live stream.

/** The answer in which the sums that came key by key are one line each; `listed` are their names. */
export function summed(answer, listed) {
  if (listed.size === 0) return answer;
  const sources = new Map(answer.sources);
  for (const name of listed) {
    const lines = sources.get(name) ?? [];
    if (lines.length > 0) sources.set(name, [sumOf(name, lines)]);
  }
  return { ...answer, sources };
}

function sumOf(name, lines) {
  const series = name.replace(/^sum:/, '');
  const [{ kind }] = lines;
  const steps = new Map();
  for (const line of lines) {
    for (const point of line.points) {
      const before = steps.get(point.time);
      steps.set(point.time, before ? ADD[kind](before, point) : kind === 'histogram' ? begun(point) : point);
    }
  }
  const points = [...steps.values()].sort((a, b) => a.time - b.time).map((point) => (kind === 'histogram' ? ended(point) : point));
  return { series, key: series.slice(kind.length + 1), kind, total: lines.reduce((n, line) => n + (line.total ?? 0), 0), points };
}

const ADD = {
  counter: (a, b) => ({ time: a.time, value: a.value + b.value, open: a.open || b.open }),
  gauge: (a, b) => ({ time: a.time, value: a.value + b.value, min: a.min + b.min, max: a.max + b.max, mean: a.mean + b.mean, open: a.open || b.open }),
  histogram: (a, b) => {
    for (const [lower, upper, count] of b.buckets ?? []) a.counts.set(lower, [lower, upper, (a.counts.get(lower)?.[2] ?? 0) + count]);
    return { ...a, count: a.count + b.count, weight: a.weight + b.count * b.mean, min: Math.min(a.min, b.min), max: Math.max(a.max, b.max), open: a.open || b.open };
  },
};

/** A histogram's point as others are added to it, and as it is when all were: percentiles come of the buckets, for they can't be added. */
const begun = ({ time, count, min, max, mean, buckets, open }) => ({ time, count, min, max, open, weight: count * mean, counts: new Map((buckets ?? []).map((b) => [b[0], b])) });

const ended = ({ counts, weight, ...point }) => ({ ...point, mean: weight / point.count, buckets: [...counts.values()].sort((a, b) => a[0] - b[0]) });
