// What the pointer does on a chart: drag zooms in time or in values, shift-drag moves in time, the wheel zooms at the pointer, a double click
// takes the last step back, a click picks a point.

const MOVED_PIXELS = 4;
/** So long a click waits: it might be the first of two. */
const CLICK_MS = 280;

/**
 * `chart` answers: `pixel(event)` {x, y} in the plot; `isOnValues(x)`; `timeAt(x)`; `moved(drag)` while a drag goes on (null: it ended);
 * `page`, the page of chart.js; `zoomValues(y1, y2)`; `pick(event)`; `hover(event)`, null where the pointer left.
 */
export function listenMoves(plot, chart) {
  let drag = null;
  let click = null;
  plot.addEventListener('pointerdown', (e) => {
    if (e.button !== 0 || e.target.closest('.flag, button, form')) return;
    plot.setPointerCapture(e.pointerId);
    const at = chart.pixel(e);
    drag = { from: at, to: at, pan: e.shiftKey, span: chart.page.span(), moved: false, ofValues: false };
  });
  plot.addEventListener('pointermove', (e) => {
    if (drag) {
      drag.to = chart.pixel(e);
      const across = Math.abs(drag.to.x - drag.from.x);
      const along = Math.abs(drag.to.y - drag.from.y);
      drag.moved ||= Math.max(across, along) > MOVED_PIXELS;
      drag.ofValues = !drag.pan && (chart.isOnValues(drag.from.x) || along > 2 * across);
      chart.moved(drag.moved && !drag.pan ? drag : null);
    }
    chart.hover(e);
  });
  plot.addEventListener('pointerup', (e) => {
    const done = drag;
    drag = null;
    if (!done) return;
    chart.moved(null);
    if (!done.moved) {
      clearTimeout(click);
      click = setTimeout(() => chart.pick(e), CLICK_MS);
    } else if (done.ofValues) chart.zoomValues(done.from.y, done.to.y);
    else {
      const [from, to] = done.span;
      const [a, b] = [chart.timeAt(done.from.x), chart.timeAt(done.to.x)];
      if (done.pan) chart.page.show(from - (b - a), to - (b - a));
      else chart.page.show(Math.min(a, b), Math.max(a, b));
    }
  });
  plot.addEventListener('pointercancel', () => {
    drag = null;
    chart.moved(null);
  });
  plot.addEventListener('pointerleave', () => chart.hover(null));
  plot.addEventListener('dblclick', (e) => {
    if (e.target.closest('.flag, button, form')) return;
    clearTimeout(click);
    chart.page.stepBack();
  });
  plot.addEventListener('wheel', (e) => {
    e.preventDefault();
    const [from, to] = chart.page.span();
    const pivot = chart.timeAt(chart.pixel(e).x);
    const by = e.deltaY > 0 ? 1.25 : 0.8;
    chart.page.show(pivot - (pivot - from) * by, pivot + (to - pivot) * by);
  }, { passive: false });
}
