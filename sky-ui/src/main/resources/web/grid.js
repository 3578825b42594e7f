// How many columns a grid of charts has, so that all of them fit the window where they can.

const SHAPE = 2.2;
const NARROWEST = 300;
const LOWEST = 190;
const GAP = 8;

/**
 * {columns, height} of the grid of `n` charts in a box of pixels: of all numbers of columns the one whose charts come nearest to their best
 * shape and are large. Where they would be too low, they get their least height, and the grid is scrolled.
 */
export function gridFor(n, width, height) {
  let best = { columns: 1, height: LOWEST, size: -1 };
  for (let columns = 1; columns <= Math.max(1, n); columns++) {
    const w = (width - (columns - 1) * GAP) / columns;
    if (columns > 1 && w < NARROWEST) break;
    const rows = Math.ceil(n / columns);
    const h = Math.max(LOWEST, (height - (rows - 1) * GAP) / rows);
    const fits = rows * (h + GAP) - GAP <= height + 1;
    // The largest picture of the best shape that is in the chart; what must be scrolled to counts for less.
    const size = Math.min(w / SHAPE, h) * (fits ? 1 : 0.5);
    if (size > best.size) best = { columns, height: h, size };
  }
  return { columns: best.columns, height: Math.floor(best.height) };
}
