// The ring page: who is in it, who carries how much, who is late, who sends, who harms; and the latest values of all keys of one member.
import * as api from './api.js';
import * as format from './format.js';
import { LatestView } from './latest-view.js';
import { LiveTable } from './live-table.js';
import { Notices } from './notices.js';
import { element } from './element.js';
import { modelOf } from './ring-model.js';
import { tell } from './completeness.js';

const FOLLOW_MS = 2000;
/** As many sessions and offenders are listed. */
const MOST_ROWS = 100;

const byId = (id) => document.getElementById(id);
const none = (v, text) => (v === null || v === undefined ? '\u2013' : text(v));
const perSecond = (v) => none(v, (n) => format.number(Math.round(n * 10) / 10));
const percent = (v) => none(v, (n) => `${(100 * n).toFixed(n > 0 && n < 0.1 ? 1 : 0)} %`);
const bytes = (v) => none(v, (n) => format.number(n).replace(/([0-9])(\D?)$/, '$1\u202f$2B'));
const ago = (ms) => format.span(Math.max(0, Math.round(ms / 1000)));
const count = (n) => ({ text: format.exact(n ?? 0), kind: n ? null : 'quiet' });
const bad = (n) => ({ text: format.exact(n ?? 0), kind: n ? 'bad' : 'quiet' });

const OFFENCES = { new_keys: 'makes new keys past the limit', over_rate: 'sends more packets than it may', malformed: 'sends malformed packets', bad_lines: 'sends bad lines of text' };

function stateOf(member) {
  if (!member.answers) return { text: member.state === 'lost' ? `lost, heard ${ago(member.heardMs)} ago` : 'no reply', kind: 'bad', title: member.problem };
  if (member.problem) return { text: member.problem, kind: 'bad' };
  return { text: member.state === 'listed' ? 'ready' : member.state, kind: 'good' };
}

const MEMBERS = [
  { title: 'member', cell: (m) => ({ text: m.name, title: `${m.address}, admin port ${m.admin}` }) },
  { title: 'state', cell: stateOf },
  { title: 'keys', number: true, help: 'Its share of all keys, by the ring', cell: (m) => ({ text: percent(m.share), share: m.share }) },
  { title: 'load', number: true, help: 'Its share of all records of the last seconds', cell: (m) => ({ text: percent(m.load), share: m.load ?? 0 }) },
  { title: 'packets/s', number: true, cell: (m) => perSecond(m.packetsRate) },
  { title: 'records/s', number: true, help: 'A record is what a key counted in one packet', cell: (m) => perSecond(m.recordsRate) },
  { title: 'sessions', number: true, cell: (m) => none(m.sessions, count) },
  { title: 'series', number: true, help: 'Series in the open segment', cell: (m) => none(m.series, count) },
  { title: 'kernel drops', number: true, help: 'Packets that its kernel dropped since its start, and how many wait in its sockets', cell: (m) => (m.answers ? { ...bad(m.kernelDrops), title: `${bytes(m.receiveQueueBytes)} of ${bytes(m.receiveBufferBytes)} wait to be read${m.advice ? `; ${m.advice}` : ''}` } : '\u2013') },
  { title: 'flush lag', number: true, help: 'How long what should have been put into the period store waits', cell: (m) => none(m.flushLagSeconds, (s) => ({ text: format.span(s), kind: s > 60 ? 'bad' : s ? null : 'quiet' })) },
  { title: 'waiting', number: true, help: 'Batches that history is not known to have', cell: (m) => none(m.waiting, count) },
  { title: 'journal', number: true, cell: (m) => (m.journalBytes === null || m.journalBytes === undefined ? '\u2013' : { text: bytes(m.journalBytes), share: m.journalBytes / m.journalMaxBytes, title: `of at most ${bytes(m.journalMaxBytes)}` }) },
  { title: 'up', number: true, cell: (m) => none(m.uptimeSeconds, format.span) },
  { title: '', cell: (m) => ({ text: m.name, node: () => element('a', { href: `#member=${encodeURIComponent(m.name)}` }, 'latest values') }) },
];

const SESSIONS = [
  { title: 'session', cell: (s) => ({ text: s.session, kind: 'mono' }) },
  { title: 'from', cell: (s) => s.address ?? 'not heard since the start' },
  { title: 'to', cell: (s) => s.members.join(', ') },
  { title: 'packets/s', number: true, cell: (s) => perSecond(s.rate) },
  { title: 'sent', number: true, cell: (s) => count(s.packets.sent) },
  { title: 'counted', number: true, cell: (s) => count(s.packets.counted) },
  { title: 'again', number: true, help: 'Received before: its acknowledgement was lost', cell: (s) => count(s.packets.duplicate) },
  { title: 'lost', number: true, help: 'Did not come, and was sent again', cell: (s) => ({ text: format.exact(s.packets.lost), kind: s.packets.lost ? 'odd' : 'quiet', title: tell(s.packets) }) },
  { title: 'refused', number: true, cell: (s) => ({ text: Object.entries(s.packets.refused).map(([cause, n]) => `${format.exact(n)} ${cause.replaceAll('_', ' ')}`).join(', ') || '0', kind: Object.keys(s.packets.refused).length ? 'odd' : 'quiet' }) },
  { title: 'late', number: true, cell: (s) => bad(s.packets.late) },
  { title: 'folds', number: true, help: 'It was asked to fold so many times longer', cell: (s) => (s.patience ? `\u00d7${2 ** s.patience}` : { text: '\u00d71', kind: 'quiet' }) },
  { title: 'heard', number: true, cell: (s) => `${ago(page.model.now * 1000 - s.lastMs)} ago` },
];

const OFFENDERS = [
  { title: 'who', cell: (o) => ({ text: o.who, kind: 'mono' }) },
  { title: 'what', cell: (o) => OFFENCES[o.offence] ?? o.offence },
  { title: 'times', number: true, cell: (o) => count(o.times) },
  { title: 'keys', cell: (o) => Object.entries(o.keys).sort((a, b) => b[1] - a[1]).map(([key, n]) => `${key || 'others'} ${format.exact(n)}`).join(', ') },
  { title: 'member', cell: (o) => o.member },
  { title: 'last', number: true, cell: (o) => `${ago(page.model.now * 1000 - o.lastMs)} ago` },
];

const NOTES = [
  { title: 'what', cell: (n) => n.name.replaceAll('_', ' ') },
  { title: 'where', cell: (n) => n.source },
  { title: 'since its start', number: true, cell: (n) => count(n.n) },
  { title: 'now', number: true, help: 'In the last seconds', cell: (n) => (n.more ? { text: `+${format.exact(n.more)}`, kind: 'bad' } : { text: '0', kind: 'quiet' }) },
];

/** The figures at the top: [title, text, whether it is well, what it means]. */
function figures(model) {
  const well = model.members.filter((m) => !m.problem).length;
  const lagIsBad = model.lagSeconds > 2 * model.period + 10;
  return [
    ['members', `${well} of ${model.members.length}`, well === model.members.length, 'Members that are well'],
    ['packets/s', perSecond(model.packetsRate), true, 'Of all members'],
    ['records/s', perSecond(model.recordsRate), true, 'Of all members'],
    ['sessions', format.exact(model.sessions.length), true, 'Client processes heard of lately'],
    ['keys', format.exact(model.keys), true, 'Keys that there ever were'],
    ['kernel drops', format.exact(model.kernelDrops), model.kernelDrops === 0, 'Packets that kernels dropped since the servers\u2019 start'],
    ['flush lag', format.span(model.flushLagSeconds), model.flushLagSeconds <= 60, 'How long counts that should be in the period store wait with a server'],
    ['rollup lag', format.span(model.lagSeconds), !lagIsBad, 'How long counts that should be in history wait in the period store'],
  ];
}

/** Where it is kept, in the same form. */
function stores({ stores: { period, history } }) {
  return [
    ['period store', period.error ?? period.store, !period.error, period.error ? '' : `${period.waiting} mailboxes wait; its clock differs by ${period.clockDifferenceMs} ms`],
    ['history', history.error ?? history.store, !history.error, ''],
  ];
}

/** Shows figures in a list that stays. */
function showFigures(list, all) {
  if (list.children.length !== all.length) list.replaceChildren(...all.map(([title]) => element('div', {}, element('dt', {}, title), element('dd', {}))));
  all.forEach(([, text, isWell, help], i) => {
    const figure = list.children[i];
    figure.classList.toggle('bad', !isWell);
    figure.title = help;
    if (figure.lastChild.textContent !== text) figure.lastChild.textContent = text;
  });
}

class RingPage {
  #before = null;
  #figures = element('dl', { class: 'figures' });
  #stores = element('dl', { class: 'figures stores' });
  #members = new LiveTable('Members', MEMBERS, (m) => m.name, 'No member is known.');
  #left = element('p', { class: 'quiet', hidden: true });
  #sessions = new LiveTable('Sessions', SESSIONS, (s) => s.session, 'No client process was heard.');
  #offenders = new LiveTable('Offenders', OFFENDERS, (o) => `${o.member} ${o.offence} ${o.who}`, 'Nobody sends bad lines, malformed packets or more keys and packets than allowed.');
  #notes = new LiveTable('Lost, refused or wrong', NOTES, (n) => `${n.source} ${n.name}`, 'Nothing.');
  #latest = null;
  model = null;

  constructor(main, notices) {
    this.main = main;
    this.notices = notices;
    this.view = element('div', { class: 'view' }, this.#figures, this.#stores, this.#members.element, this.#left, this.#sessions.element, this.#offenders.element, this.#notes.element);
    addEventListener('hashchange', () => this.route());
    this.route();
  }

  /** All of the ring, or one member's keys. */
  route() {
    const member = new URLSearchParams(location.hash.slice(1)).get('member');
    this.#latest?.close();
    this.#latest = member === null ? null : new LatestView(member, (text) => this.notices.fault('latest', text));
    this.main.replaceChildren(this.#latest?.element ?? this.view);
    document.title = member === null ? 'Sky: the ring' : `Sky: keys of ${member}`;
    if (this.#latest) this.#latest.start();
    else this.notices.fault('latest', null);
  }

  get latest() {
    return this.#latest?.rows ?? null;
  }

  async follow() {
    try {
      if (!document.hidden) {
        const answer = { ...(await api.status()), atMs: performance.now() };
        this.model = modelOf(answer, this.#before);
        this.#before = answer;
        this.#show();
        this.notices.fault('status', answer.partial.length ? `Not all answered: ${answer.partial.join('; ')}` : null);
      }
    } catch (e) {
      if (!(e instanceof api.ApiError)) throw e;
      this.notices.fault('status', e.message);
    } finally {
      setTimeout(() => this.follow(), FOLLOW_MS);
    }
  }

  #show() {
    const { model } = this;
    byId('when').textContent = `as of ${format.moment(model.now).slice(11)}, periods of ${format.span(model.period)}`;
    showFigures(this.#figures, figures(model));
    showFigures(this.#stores, stores(model));
    this.#members.update(model.members);
    this.#left.hidden = model.left.length === 0;
    this.#left.textContent = model.left.map((one) => `${one.name} left ${ago(one.heardMs)} ago`).join('; ');
    this.#sessions.update(model.sessions.slice(0, MOST_ROWS));
    this.#offenders.update(model.offenders.slice(0, MOST_ROWS));
    this.#notes.update(model.notes);
  }
}

const page = new RingPage(byId('ring'), new Notices(byId('notice'), byId('notice')));
page.follow();

// What is shown, for tests and for the curious.
globalThis.sky = { ring: () => page.model, latest: () => page.latest };
