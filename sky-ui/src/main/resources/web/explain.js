// The panel that explains a point: which servers counted how much of it, what became of the packets of its time, and what else was lost.
import * as api from './api.js';
import * as format from './format.js';
import { CAUSES, gradeOf, tell } from './completeness.js';
import { button, dialog, element } from './element.js';
import { nameOf, partsOf } from './chart-description.js';

const MOST_SERIES = 20;

const LOSSES = {
  'sky>client|counts_ambiguous': 'counts that clients gave up: it is not known whether a server that vanished had them',
  'sky>client|folded_late': 'counts in a later period than theirs: the client had no room while the ring was away',
  'sky>client|over_limit': 'calls of new keys past a client\u2019s limit: they count in their parents only',
  'sky>client|refused_no_key': 'calls without a key, refused by the client',
  'sky>client|refused_long_key': 'calls with a key of more than 500 bytes, refused by the client',
  'sky>client|refused_control_character': 'calls with a control character in their key, refused by the client',
  'sky>client|refused_empty_segment': 'calls with an empty segment in their key, refused by the client',
  'sky>client|refused_not_unicode': 'calls with a key that is no valid Unicode, refused by the client',
  'sky>client|refused_not_finite': 'calls with a value that is not a finite number, refused by the client',
  'sky>client|refused_scope': 'scopes past the limit of scopes, refused by the client',
  'sky>server|kernel_drops': 'packets that a kernel dropped: text in them is lost, all else is sent again',
  'sky>server|late_counts': 'counts that came past the late horizon: they are missing',
  'sky>server|overflow_records': 'records of new keys past --max-keys: they count in their parents and in sky>overflow',
};

/** One value, as its kind has it. */
export function valueOf(point, kind) {
  if (!point) return '\u2013';
  if (kind === 'counter') return format.exact(point.value);
  if (kind === 'gauge') return point.min === point.max ? format.number(point.value) : `${format.number(point.value)} (${format.number(point.min)} to ${format.number(point.max)})`;
  if (kind === 'set') return `${format.exact(point.count)} distinct`;
  return `${format.exact(point.count)} ${point.count === 1 ? 'value' : 'values'}, median ${format.number(point.p50)}`;
}

const lossOf = (key) => LOSSES[key] ?? `lines of text refused: ${key.replace(/^.*text_/, '').replaceAll('_', ' ')}`;
const cell = (text, more = {}) => element('td', more, text);
const number = (n) => cell(n ? format.exact(n) : '0', { class: n ? 'number' : 'number quiet' });

export class Explanation {
  #isUtc;
  #open = null;

  constructor(isUtc) {
    this.#isUtc = isUtc;
  }

  /** Shows what the step of a moment is made of, for the series of a chart. */
  async show(series, time, step) {
    this.#open?.close();
    const told = element('div', { class: 'told-of', role: 'status' }, 'Asking the servers and the stores\u2026');
    const zone = this.#isUtc();
    const title = `${format.moment(time, zone).replace(' UTC', '')} to ${format.moment(time + step, zone).slice(11)}`;
    const close = button('Close', 'Close (Escape)', () => open.close());
    const open = dialog('explain', title, told, element('div', { class: 'choices actions' }, element('a', { href: 'ring.html' }, 'The ring now'), close));
    this.#open = open;
    close.focus();
    const plain = series.filter((entry) => partsOf(entry)?.how === 'one').slice(0, MOST_SERIES);
    try {
      const answer = await api.explain(plain, time, step);
      told.removeAttribute('role');
      told.replaceChildren(...this.#parts(answer, series.length - plain.length));
    } catch (e) {
      if (!(e instanceof api.ApiError)) throw e;
      told.textContent = e.message;
    }
  }

  #parts(answer, left) {
    return [
      this.#values(answer),
      left ? element('p', { class: 'quiet' }, `${left} more of this chart are sums or formulas: what they are made of is explained by charts of their own.`) : null,
      element('h3', {}, 'Which servers'),
      this.#servers(answer),
      element('h3', {}, 'What became of the packets of this time'),
      this.#packets(answer.packets),
      ...this.#losses(answer),
      ...answer.partial.map((fault) => element('p', { class: 'told' }, `Not answered: ${fault}`)),
    ].filter((part) => part !== null);
  }

  #values(answer) {
    const list = element('dl', { class: 'values' });
    for (const { series, kind, point } of answer.series) {
      list.append(element('dt', {}, nameOf(series)), element('dd', {}, point ? valueOf(point, kind) : 'nothing was counted', point?.open ? element('span', { class: 'quiet' }, ' so far') : ''));
    }
    return list;
  }

  #servers({ servers, series, resolution, period }) {
    if (servers === null) return element('p', {}, `A step of ${format.span(resolution)} has too many parts to tell them apart: zoom in to steps of at most ${format.span(10 * period)}.`);
    if (servers.length === 0) {
      const was = series.some((one) => one.point);
      return element('p', {}, was ? 'It is no longer known: servers are told apart for as long as counts may come late, a day usually.' : 'None: no server has anything of this time.');
    }
    // Of many series the first ones are enough to see who counts.
    const shown = series.slice(0, 3);
    const heads = ['server', ...shown.map((one) => nameOf(one.series)), 'packets', 'counted', 'lost', 'again', 'late', 'refused', 'where it is'];
    const rows = servers.map((server) => element('tr', {},
      cell(server.name ?? `journal ${server.incarnation.slice(0, 8)}`, server.name ? {} : { title: 'No server that answers has this journal now', class: 'quiet' }),
      ...shown.map((one, i) => cell(valueOf(server.series[i].point, one.kind), { class: 'number' })),
      number(server.packets.sent), number(server.packets.counted), number(server.packets.lost), number(server.packets.duplicate), number(server.packets.late),
      cell(Object.entries(server.packets.refused).map(([cause, n]) => `${format.exact(n)} ${cause.replaceAll('_', ' ')}`).join(', ') || '0', { class: Object.keys(server.packets.refused).length ? 'number' : 'number quiet' }),
      cell(this.#where(server.batches))));
    const head = element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)));
    return element('div', { class: 'scrolls', tabindex: '0', role: 'group', 'aria-label': 'Servers' }, element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows)));
  }

  #where({ server, mailbox, history }) {
    const parts = [[history, 'in history'], [mailbox, 'on the way'], [server, 'with the server']].filter(([n]) => n);
    return parts.map(([, text]) => text).join(', ');
  }

  #packets(packets) {
    const { kind } = gradeOf(packets);
    const list = element('ul', {}, element('li', { class: `grade ${kind}` }, `${tell(packets)[0].toUpperCase()}${tell(packets).slice(1)}.`));
    if (packets.duplicate) list.append(element('li', {}, `${format.exact(packets.duplicate)} came a second time, because no acknowledgement had reached the client, and were not counted again.`));
    for (const [cause, n] of Object.entries(packets.refused)) list.append(element('li', {}, `${format.exact(n)} refused: ${CAUSES[cause] ?? cause}.`));
    return list;
  }

  #losses({ losses }) {
    const all = Object.entries(losses);
    if (all.length === 0) return [];
    return [element('h3', {}, 'What else was lost or refused'), element('ul', {}, ...all.map(([key, n]) => element('li', {}, `${format.exact(n)} ${lossOf(key)}`)))];
  }
}
