// What a user takes along: files of a chart's values.

export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** One row a point: series, time, then all numbers of the point by name. */
export function toCsv(answer) {
  const names = new Set();
  for (const s of answer.series) for (const p of s.points) for (const [k, v] of Object.entries(p)) if (typeof v === 'number') names.add(k);
  names.delete('time');
  const quote = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = [['series', 'time', ...names].join(',')];
  for (const s of answer.series) {
    for (const p of s.points) rows.push([quote(s.series), p.time, ...[...names].map((n) => p[n] ?? '')].join(','));
  }
  return rows.join('\n') + '\n';
}
