// The latest values of all keys of one member: in order, more as one scrolls, those in view followed.
import * as api from './api.js';
import * as format from './format.js';
import { LiveTable } from './live-table.js';
import { button, element } from './element.js';
import { describe } from './chart-description.js';
import { valueOf } from './explain.js';

const FOLLOW_MS = 2000;
/** As many pages are read without being asked; each has at most 100 series. */
const PAGES_AT_ONCE = 10;
const MOST_FOLLOWED = 100;
/** As many rows are in the table; the filter finds the others. */
const MOST_SHOWN = 500;

const addressOf = (series) => `./#${new URLSearchParams({ chart: JSON.stringify(describe(series)) })}`;

const COLUMNS = [
  { title: 'key', cell: (row) => ({ text: row.key, node: () => element('a', { href: addressOf(row.series), title: 'Its chart' }, row.key) }) },
  { title: 'kind', cell: (row) => ({ text: row.kind, kind: `kind ${row.kind}` }) },
  { title: 'latest', number: true, cell: (row) => ({ text: row.point ? valueOf(row.point, row.kind) : 'nothing lately', kind: row.point ? null : 'quiet' }) },
  { title: 'of', number: true, help: 'The period that it is of', cell: (row) => ({ text: row.point ? format.moment(row.point.time).slice(11).replace(/:00$/, '') : '', kind: 'quiet' }) },
];

export class LatestView {
  #member;
  #say;
  #table = new LiveTable('Latest values', COLUMNS, (row) => row.series, 'No key of this member was seen lately.');
  #abort = new AbortController();
  #timer = null;
  #next = null;
  #filter = element('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter the keys', autocomplete: 'off', spellcheck: 'false', input: () => this.#show() });
  #more = button('More keys', 'Read the keys that follow', () => this.#read());
  #told = element('p', { class: 'quiet', role: 'status' });
  rows = [];

  /** `say(text)` tells why it can't be read; null: it can. */
  constructor(member, say) {
    this.#member = member;
    this.#say = say;
    this.#more.hidden = true;
    this.element = element('div', { class: 'view latest' },
      element('div', { class: 'heading' }, element('h2', {}, `Keys of ${member}`), element('a', { href: '#' }, 'All of the ring'), this.#filter, this.#told),
      element('p', { class: 'quiet' }, 'The keys that the ring gives to this member, each with its newest value over all of the ring.'), this.#table.element, this.#more);
  }

  async start() {
    await this.#read();
    this.#follow();
  }

  close() {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  async #read() {
    this.#more.disabled = true;
    try {
      for (let pages = 0; pages < PAGES_AT_ONCE; pages++) {
        const answer = await api.latestOf(this.#member, this.#next, this.#abort.signal);
        this.rows.push(...answer.series);
        this.#next = answer.next;
        this.#tell(answer);
        if (this.#next === null) break;
      }
    } catch (e) {
      this.#refused(e);
    }
    this.#more.disabled = false;
    this.#more.hidden = this.#next === null;
  }

  #tell({ partial }) {
    this.#say(partial.length ? `Not all answered: ${partial.join('; ')}` : null);
    this.#show();
  }

  #show() {
    const wanted = this.#filter.value.trim().toLowerCase();
    const shown = this.#wanted();
    this.#table.update(shown.slice(0, MOST_SHOWN));
    this.#told.textContent = `${format.exact(shown.length)}${wanted ? ` of ${format.exact(this.rows.length)}` : ''} series${shown.length > MOST_SHOWN ? `, the first ${MOST_SHOWN} of them here: filter them` : ''}${this.#next === null ? '' : ', and more'}`;
  }

  #wanted() {
    const wanted = this.#filter.value.trim().toLowerCase();
    return this.rows.filter((row) => row.key.toLowerCase().includes(wanted));
  }

  /** Asks again for what can be seen. */
  async #follow() {
    try {
      const seen = document.hidden ? [] : this.#inView();
      if (seen.length > 0) {
        const answer = await api.latest(seen, this.#abort.signal);
        const points = new Map(answer.series.map((one) => [one.series, one.point]));
        for (const row of this.rows) if (points.has(row.series)) row.point = points.get(row.series);
        this.#tell(answer);
      }
    } catch (e) {
      this.#refused(e);
    }
    if (!this.#abort.signal.aborted) this.#timer = setTimeout(() => this.#follow(), FOLLOW_MS);
  }

  #inView() {
    const shown = this.#wanted().slice(0, MOST_SHOWN);
    const rows = [...this.#table.table.tBodies[0].rows];
    return shown.filter((_, i) => {
      const box = rows[i]?.getBoundingClientRect();
      return box && box.bottom > 0 && box.top < innerHeight;
    }).map((row) => row.series).slice(0, MOST_FOLLOWED);
  }

  #refused(e) {
    if (e.name === 'AbortError') return;
    if (!(e instanceof api.ApiError)) throw e;
    this.#say(e.message);
  }
}
