// The charts of the page: kept as the state says, in a grid that fits the window, read again while live, with one hover line for all.
import { Chart } from './chart.js';
import { DRAGGED } from './key-tree.js';
import { button } from './element.js';
import { GHOSTS } from './page-state.js';
import { gridFor } from './grid.js';

const LIVE_MS = 1000;
const MOVED = 'application/x-sky-chart';

export class Board {
  #element;
  #state;
  #charts = new Map();
  #page;
  #timer = null;
  #skewSeconds = 0;
  #faults = new Set();
  #hover = null;
  #frame = null;
  #moving = null;
  #last = null;

  /**
   * `page` answers: `say(text)` shows a sentence to the user, null takes it back; `made(chart)` when there is a new chart; `closed(chart)`
   * when one is gone; `picked(chart, {time, step}, event)` a point was clicked; `empty()` gives what is shown while there is none.
   */
  constructor(element, state, page) {
    this.#element = element;
    this.#state = state;
    this.#page = page;
    state.onChange(() => this.render());
    new ResizeObserver(() => this.#layOut()).observe(element);
  }

  /** Sky's time in epoch seconds: the browser's clock plays no part once an answer has come. */
  now() {
    return Date.now() / 1000 + this.#skewSeconds;
  }

  /** In the order in which they stand. */
  get charts() {
    return this.#state.charts.map((description) => this.#charts.get(description)).filter((chart) => chart);
  }

  /** The moment under the pointer, or null. */
  get hover() {
    return this.#hover;
  }

  /** Shows series: each in a chart of its own, or over those of the chart that was used last. */
  show(descriptions, over) {
    const onto = over ? this.#lastUsed() : null;
    if (onto) {
      const series = [...new Set([...onto.series, ...descriptions.flatMap((d) => d.series)])];
      this.#state.replaceChart(onto, { ...onto, series, mode: onto.mode === 'heat' ? 'line' : onto.mode });
      return;
    }
    const shown = descriptions.map((description) => this.#state.addChart(description)).filter((d) => d !== null);
    const chart = this.#charts.get(shown[0]);
    this.#last = chart ?? this.#last;
    chart?.element.scrollIntoView({ block: 'nearest' });
  }

  #lastUsed() {
    const chart = this.charts.includes(this.#last) ? this.#last : this.charts.at(-1);
    return chart?.description ?? null;
  }

  render() {
    for (const [description, chart] of this.#charts) {
      if (!this.#state.charts.includes(description)) {
        chart.close();
        chart.element.remove();
        this.#charts.delete(description);
        this.#page.closed(chart);
      }
    }
    this.#state.charts.forEach((description, i) => {
      if (!this.#charts.has(description)) this.#charts.set(description, this.#chart(description));
      const { element } = this.#charts.get(description);
      // One that is in its place is left alone: moved, it would lose its focus.
      if (this.#element.children[i] !== element) this.#element.insertBefore(element, this.#element.children[i] ?? null);
    });
    const empty = this.#element.querySelector('.empty');
    if (this.#charts.size > 0) empty?.remove();
    else if (!empty) this.#element.append(this.#page.empty());
    this.#layOut();
    this.load();
  }

  #layOut() {
    const style = getComputedStyle(this.#element);
    const width = this.#element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const height = this.#element.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const grid = gridFor(this.#charts.size, width, height);
    this.#element.style.setProperty('--columns', grid.columns);
    this.#element.style.setProperty('--row', `${grid.height}px`);
  }

  /** Reads all charts anew; while live, again a second later. */
  async load() {
    clearTimeout(this.#timer);
    this.#faults.clear();
    await Promise.all(this.charts.map((chart) => chart.refresh()));
    clearTimeout(this.#timer);
    if (this.#state.live && !document.hidden) this.#timer = setTimeout(() => this.load(), LIVE_MS);
  }

  /** Draws all charts again as they are. */
  draw() {
    for (const chart of this.charts) chart.draw();
  }

  #chart(description) {
    const chart = new Chart(document.createElement('article'), description, {
      span: () => this.#state.span(this.now()),
      live: () => this.#state.live,
      now: () => this.now(),
      utc: () => this.#state.utc,
      ghost: () => GHOSTS[this.#state.ghost],
      hover: () => this.#hover,
      hoverAt: (time) => this.#hoverAt(time),
      show: (from, to) => this.#state.show(from, to, this.now()),
      stepped: (undo) => this.#state.stepped(undo),
      stepBack: () => this.#state.stepBack(),
      changed: () => this.#changed(chart),
      add: (more) => this.#state.addChart(more),
      say: (text) => this.#page.say(text),
      answered: (answer) => this.#answered(answer),
      pick: (...what) => this.#page.picked(...what),
    });
    this.#addClose(chart);
    this.#takeKeys(chart);
    this.#takeMoves(chart);
    this.#page.made(chart);
    return chart;
  }

  #addClose(chart) {
    const close = button('✕', 'Close this chart (Delete)', () => this.#close(chart));
    close.className = 'close';
    close.setAttribute('aria-label', `Close the chart of ${chart.title.textContent}`);
    chart.tools.append(close);
  }

  /** Closes a chart; who closed it by a key goes on with the one that takes its place. */
  #close(chart) {
    const at = this.#state.charts.indexOf(chart.description);
    const focused = chart.element.contains(document.activeElement);
    this.#state.removeChart(chart.description);
    const next = this.#state.charts[Math.min(at, this.#state.charts.length - 1)];
    if (focused) this.#charts.get(next)?.element.focus();
  }

  /** A chart can be gone to, moved and closed by keys. */
  #takeKeys(chart) {
    const { element } = chart;
    element.tabIndex = 0;
    element.setAttribute('aria-label', `Chart of ${chart.title.textContent}`);
    element.addEventListener('focusin', () => (this.#last = chart));
    element.addEventListener('pointerdown', () => (this.#last = chart));
    element.addEventListener('keydown', (e) => {
      if (e.target !== element || e.ctrlKey || e.metaKey || e.altKey) return;
      const at = this.#state.charts.indexOf(chart.description);
      const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
      if (by && e.shiftKey) {
        this.#state.moveChart(chart.description, at + by);
        element.focus();
      } else if (by) this.#charts.get(this.#state.charts[at + by])?.element.focus();
      else if (e.key === 'Delete') this.#close(chart);
      else return;
      e.preventDefault();
    });
  }

  /** A chart is moved by its heading, and takes keys of the tree that are let fall on it. */
  #takeMoves(chart) {
    const { element, title } = chart;
    title.draggable = true;
    title.addEventListener('dragstart', (e) => {
      this.#moving = chart;
      e.dataTransfer.setData(MOVED, '');
      e.dataTransfer.setDragImage(element, 20, 10);
    });
    const isGood = (e) => e.dataTransfer.types.includes(DRAGGED) || e.dataTransfer.types.includes(MOVED);
    element.addEventListener('dragover', (e) => {
      if (!isGood(e)) return;
      e.preventDefault();
      element.classList.add('target');
    });
    element.addEventListener('dragleave', () => element.classList.remove('target'));
    element.addEventListener('drop', (e) => {
      element.classList.remove('target');
      if (!isGood(e)) return;
      e.preventDefault();
      const series = e.dataTransfer.getData(DRAGGED);
      if (series) {
        this.#last = chart;
        this.show([{ series: JSON.parse(series) }], true);
      } else this.#state.moveChart(this.#moving.description, this.#state.charts.indexOf(chart.description));
    });
  }

  #changed(chart) {
    const [before] = [...this.#charts].find(([, c]) => c === chart);
    this.#charts.delete(before);
    this.#charts.set(chart.description, chart);
    this.#state.replaceChart(before, chart.description);
  }

  #answered({ now, partial }) {
    if (now) this.#skewSeconds = now - Date.now() / 1000;
    for (const fault of partial ?? []) this.#faults.add(fault);
    this.#page.say(this.#faults.size ? `Not all of the ring answered, so numbers may be short: ${[...this.#faults].join('; ')}` : null);
  }

  /** All charts follow the pointer, once a frame: it may move more often. */
  #hoverAt(time) {
    this.#hover = time;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.draw();
    });
  }
}
