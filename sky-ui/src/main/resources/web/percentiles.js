// Percentiles of a histogram's buckets, by the rule of the servers.

/** How a percentile is called; 100 is the maximum. */
export const percentileName = (p) => (p === 100 ? 'max' : `p${p}`);

/** The value below which `percent` of the counts of a point lie: of its buckets, never outside its min and max. */
export function percentile(point, percent) {
  if (percent === 100) return point.max;
  const told = point[percentileName(percent)];
  if (told !== undefined) return told;
  const { buckets } = point;
  if (!buckets?.length) return NaN;
  const rank = Math.max(Math.min(1, point.count), Math.min(point.count, wholeUp((percent / 100) * point.count)));
  let below = 0;
  for (const [lower, upper, count] of buckets) {
    below += count;
    if (below >= rank - 1e-9) return Math.max(point.min, Math.min(point.max, (lower + upper) / 2));
  }
  return point.max;
}

/** Up to the next whole number, unless floating point alone is what exceeds one. */
const wholeUp = (n) => Math.ceil(n - 1e-9);
