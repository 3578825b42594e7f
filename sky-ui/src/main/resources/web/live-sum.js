// The sum of keys that match a pattern, added up here: only the seconds of each key come with the live stream. As the servers add up
// (docs/http-api.md), but that the seconds of a gauge that was not set in them have its last value.

/** The answer in which the sums that came key by key are one line each; `listed` are their names. */
export function summed(answer, listed) {
  if (listed.size === 0) return answer;
  const sources = new Map(answer.sources);
  for (const name of listed) {
    const lines = sources.get(name) ?? [];
    if (lines.length > 0) sources.set(name, [sumOf(name, lines, answer)]);
  }
  return { ...answer, sources };
}

function sumOf(name, lines, answer) {
  const series = name.replace(/^sum:/, '');
  const [{ kind }] = lines;
  const steps = new Map();
  for (const line of lines) {
    for (const point of kind === 'gauge' ? held(line.points, lines, answer) : line.points) {
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

/** What a gauge was in each step: between two that it was set in, what it was last, for a period at most. */
function held(points, lines, { resolution, period }) {
  const end = Math.max(...lines.map((line) => line.points.at(-1)?.time ?? 0));
  return points.flatMap((point, i) => {
    const until = Math.min(end + resolution, points[i + 1]?.time ?? Infinity, point.time + Math.max(period, resolution));
    const same = [point];
    for (let time = point.time + resolution; time < until; time += resolution) same.push({ time, value: point.value, min: point.value, max: point.value, mean: point.value });
    return same;
  });
}
