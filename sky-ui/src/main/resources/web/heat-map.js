// The cells of a histogram over time as a picture: each with its true area on the axis, coloured by how dense the counts lie in it.
import { isDark } from './painter.js';

const d3 = globalThis.d3;
/** As high as a row of the picture is, in pixels: finer, single counts would be hairlines. */
export const ROW_PIXELS = 3;
const SHADES = 256;

/**
 * Rows of counts a second: {grid, rows, most}; grid has a column after the other, its lowest row first. The count of a cell is spread over the
 * rows that it covers, by area. On a logarithmic axis the lowest row holds what is zero or below.
 */
export function densityOf(map, rows, [low, high], log) {
  const grid = new Float32Array(map.n * rows);
  const first = log ? Math.log(low) : low;
  const scale = rows / ((log ? Math.log(high) : high) - first);
  let most = 0;
  for (const [column, lower, upper, count] of map.cells) {
    const weight = count * map.weights[column];
    const begin = column * rows;
    if (log && upper <= 0) {
      grid[begin] += weight;
      continue;
    }
    const a = log ? (lower > 0 ? (Math.log(lower) - first) * scale : 0) : (lower - first) * scale;
    const b = ((log ? Math.log(upper) : upper) - first) * scale;
    if (b < 0 || a > rows || (b === 0 && a < 0)) continue;
    const row = Math.floor(a);
    if (b - a < 1e-9 || Math.ceil(b) - row === 1) {
      if (row >= 0 && row < rows) grid[begin + row] += weight;
      continue;
    }
    const share = weight / (b - a);
    for (let r = Math.max(0, row); r < Math.min(rows, b); r++) grid[begin + r] += share * (Math.min(b, r + 1) - Math.max(a, r));
  }
  for (const v of grid) if (v > most) most = v;
  return { grid, rows, most };
}

/** The colour of a share of the greatest density, 0 to 1. */
export function shade(share) {
  const root = Math.sqrt(share);
  return isDark() ? d3.interpolateViridis(0.08 + 0.92 * root) : d3.interpolateYlGnBu(0.14 + 0.86 * root);
}

let table = null;
let tableIsDark = null;

function shades() {
  if (tableIsDark !== isDark()) {
    table = Uint32Array.from({ length: SHADES }, (_, i) => {
      const { r, g, b } = d3.rgb(shade(((i + 0.5) / SHADES) ** 2));
      return (255 << 24) | (b << 16) | (g << 8) | r;
    });
    tableIsDark = isDark();
  }
  return table;
}

/** The picture of rows of counts: a canvas, a pixel a cell; where nothing was counted it is clear. */
export function pictureOf({ grid, rows, most }, columns, canvas = document.createElement('canvas')) {
  canvas.width = Math.max(1, columns);
  canvas.height = rows;
  const context = canvas.getContext('2d');
  const image = context.createImageData(canvas.width, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = shades();
  const scale = SHADES / Math.sqrt(most || 1);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const density = grid[column * rows + row];
      if (density > 0) pixels[(rows - 1 - row) * columns + column] = colors[Math.min(SHADES - 1, Math.floor(Math.sqrt(density) * scale))];
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The cells of a column in [low, high) as one: {lower, upper, count}, its bounds those of the buckets; null where there are none. */
export function cellAt(map, column, low, high) {
  let found = null;
  for (const [c, lower, upper, count] of map.cells) {
    if (c !== column || !(upper > low && lower < high) && !(lower === upper && lower >= low && lower < high)) continue;
    found = found ? { lower: Math.min(found.lower, lower), upper: Math.max(found.upper, upper), count: found.count + count } : { lower, upper, count };
  }
  return found;
}
