// What a user takes along of a chart: to the clipboard where the browser gives it, else as a file.

const quote = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A row a step, a column a line as it is drawn; an empty field is a gap. A heat map: a row a cell. */
export function toCsv(drawn) {
  if (drawn.cells) {
    const rows = drawn.cells.map(([column, lower, upper, count]) => [drawn.from + column * drawn.step, lower, upper, count].join(','));
    return ['time,lower,upper,count', ...rows].join('\r\n') + '\r\n';
  }
  const rows = [['time', ...drawn.lines.map((line) => quote(line.label))].join(',')];
  for (let i = 0; i < drawn.n; i++) {
    rows.push([drawn.from + i * drawn.step, ...drawn.lines.map((line) => (Number.isNaN(line.values[i]) ? '' : line.values[i]))].join(','));
  }
  return rows.join('\r\n') + '\r\n';
}

/** All that is drawn, and of what; a gap is null. */
export function toJson(description, drawn) {
  const array = (values) => (values ? Array.from(values, (v) => (Number.isNaN(v) ? null : v)) : undefined);
  const lines = drawn.lines.map(({ label, series, total, values, low, high, mean }) => ({ label, series, total, values: array(values), low: array(low), high: array(high), mean: array(mean) }));
  return JSON.stringify({ chart: description, from: drawn.from, to: drawn.to, step: drawn.step, lines, cells: drawn.cells }, null, 1);
}

/** The picture with its title, on the page's ground. */
export function toPicture(canvas, title, back, text) {
  const ratio = devicePixelRatio || 1;
  const head = Math.round(26 * ratio);
  const picture = document.createElement('canvas');
  picture.width = canvas.width;
  picture.height = canvas.height + head;
  const c = picture.getContext('2d');
  c.fillStyle = back;
  c.fillRect(0, 0, picture.width, picture.height);
  c.drawImage(canvas, 0, head);
  c.fillStyle = text;
  c.font = `600 ${13 * ratio}px system-ui, sans-serif`;
  c.textBaseline = 'middle';
  c.fillText(title, 10 * ratio, head / 2 + 2 * ratio);
  return new Promise((resolve) => picture.toBlob(resolve, 'image/png'));
}

/** Copies a blob; where that is not given, saves it under this name. True if copied. */
export async function take(blob, name) {
  const type = blob.type === 'image/png' ? 'image/png' : 'text/plain';
  try {
    await navigator.clipboard.write([new ClipboardItem({ [type]: type === blob.type ? blob : new Blob([blob], { type }) })]);
    return true;
  } catch {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    return false;
  }
}
