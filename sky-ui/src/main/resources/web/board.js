// The charts of the page: kept as the state says, read again while live, with one hover line for all.
import { Chart } from './chart.js';
import { GHOSTS } from './page-state.js';

const LIVE_MS = 1000;

export class Board {
  #element;
  #state;
  #charts = new Map();
  #say;
  #timer = null;
  #skewSeconds = 0;
  #faults = new Set();
  #hover = null;

  /** `say(text)` shows a sentence to the user; null takes it back. */
  constructor(element, state, say) {
    this.#element = element;
    this.#state = state;
    this.#say = say;
    state.onChange(() => this.render());
  }

  /** Sky's time in epoch seconds: the browser's clock plays no part once an answer has come. */
  now() {
    return Date.now() / 1000 + this.#skewSeconds;
  }

  get charts() {
    return [...this.#charts.values()];
  }

  render() {
    for (const [description, chart] of this.#charts) {
      if (!this.#state.charts.includes(description)) {
        chart.close();
        chart.element.remove();
        this.#charts.delete(description);
      }
    }
    for (const description of this.#state.charts) {
      if (!this.#charts.has(description)) this.#charts.set(description, this.#chart(description));
      this.#element.append(this.#charts.get(description).element);
    }
    let empty = this.#element.querySelector('.empty');
    if (this.#charts.size > 0) empty?.remove();
    else if (!empty) {
      empty = document.createElement('p');
      empty.className = 'empty';
      empty.textContent = 'Choose a key on the left: its chart is shown here.';
      this.#element.append(empty);
    }
    this.load();
  }

  /** Reads all charts anew; while live, again a second later. */
  async load() {
    clearTimeout(this.#timer);
    this.#faults.clear();
    await Promise.all(this.charts.map((chart) => chart.refresh()));
    clearTimeout(this.#timer);
    if (this.#state.live && !document.hidden) this.#timer = setTimeout(() => this.load(), LIVE_MS);
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
      say: (text) => this.#say(text),
      answered: (answer) => this.#answered(answer),
      pick: () => {},
    });
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = '✕';
    close.setAttribute('aria-label', `Close the chart of ${chart.title.textContent}`);
    close.addEventListener('click', () => this.#state.removeChart(chart.description));
    chart.tools.append(close);
    return chart;
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
    this.#say(this.#faults.size ? `Not all of the ring answered, so numbers may be short: ${[...this.#faults].join('; ')}` : null);
  }

  #hoverAt(time) {
    this.#hover = time;
    for (const chart of this.charts) chart.draw();
  }
}
