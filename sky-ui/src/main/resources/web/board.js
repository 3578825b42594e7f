// The charts of the page: kept as the state says, read again while live, with one hover line for all.
import { Chart } from './chart.js';
import { ApiError } from './api.js';

const LIVE_MS = 1000;

export class Board {
  #element;
  #state;
  #charts = new Map();
  #say;
  #timer = null;
  #skewSeconds = 0;
  hover = null;

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

  say(text) {
    this.#say(text);
  }

  /** The base period of an answer: the finest step that its points are made of. */
  baseSeconds(answer) {
    return answer.period;
  }

  get charts() {
    return [...this.#charts.values()];
  }

  render() {
    for (const [spec, chart] of this.#charts) {
      if (!this.#state.charts.includes(spec)) {
        chart.element.remove();
        this.#charts.delete(spec);
      }
    }
    for (const spec of this.#state.charts) {
      if (!this.#charts.has(spec)) this.#charts.set(spec, new Chart(spec, this.#state, this));
      this.#element.append(this.#charts.get(spec).element);
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
    try {
      const answers = await Promise.all(this.charts.map((chart) => chart.load()));
      const partial = [...new Set(answers.flatMap((a) => a.partial ?? []))];
      if (answers[0]?.now) this.#skewSeconds = answers[0].now - Date.now() / 1000;
      this.#say(partial.length ? `Not all of the ring answered, so numbers may be short: ${partial.join('; ')}` : null);
    } catch (e) {
      if (e.name === 'AbortError') return;
      if (!(e instanceof ApiError)) throw e;
      this.#say(e.message);
    } finally {
      clearTimeout(this.#timer);
      if (this.#state.live && !document.hidden) this.#timer = setTimeout(() => this.load(), LIVE_MS);
    }
  }

  hoverAt(time) {
    this.hover = time;
    for (const chart of this.charts) chart.draw();
  }
}
