// Puts the page together.
import * as api from './api.js';
import * as format from './format.js';
import { Board } from './board.js';
import { KeyTree } from './key-tree.js';
import { PageState } from './page-state.js';
import { keyOf } from './chart-data.js';

const RANGES = [['1 min', 60], ['5 min', 300], ['15 min', 900], ['1 h', 3600], ['6 h', 21600], ['1 d', 86400], ['1 w', 604800], ['1 mo', 2592000], ['3 mo', 7776000], ['1 y', 31536000]];
const KEYS_MS = 1500;
const SEARCH_PAUSE_MS = 120;
const HELP = [
  ['/', 'search all keys'], ['↑ ↓ → ← Enter', 'walk the tree, open, show a key'], ['1 … 9 0', 'last minute … last year'],
  ['`', 'last 10 seconds'], ['L', 'live'], ['[ ]', 'a span back, a span on'], ['+ −', 'zoom'], ['Backspace', 'the span before'], ['G', 'ghost of the day before, of the week before, none'],
  ['U', 'UTC or local time'], ['?', 'this help'], ['drag', 'zoom to a span'], ['shift-drag', 'move in time'], ['wheel', 'zoom at the pointer'], ['double-click', 'the span before'],
];

const byId = (id) => document.getElementById(id);
const state = new PageState(location);

function say(text) {
  const notice = byId('notice');
  notice.hidden = !text;
  notice.textContent = text ?? '';
}

const board = new Board(byId('board'), state, say);
const isShown = (key) => state.charts.some((c) => c.series.some((s) => keyOf(s) === key));
const tree = new KeyTree(byId('tree'), (key, kinds) => {
  for (const kind of kinds) state.addChart([`${kind}:${key}`], kind === 'histogram' ? 'heat' : 'line');
}, isShown);

function buildRanges() {
  const make = (label, title, press) => {
    const b = document.createElement('button');
    b.type = 'button';
    b.textContent = label;
    b.title = title;
    b.addEventListener('click', press);
    byId('ranges').append(b);
    return b;
  };
  const live = make('Live', 'Follow the present (L)', () => state.showLast(state.seconds));
  const buttons = RANGES.map(([label, seconds], i) => [seconds, make(label, `The last ${label} (${(i + 1) % 10})`, () => state.showLast(seconds))]);
  const utc = make('UTC', 'UTC or local time (U)', toggleUtc);
  const ghost = make('Ghost', 'The same span a day or a week before (G)', nextGhost);
  const mark = () => {
    live.setAttribute('aria-pressed', state.live);
    for (const [seconds, b] of buttons) b.setAttribute('aria-pressed', state.live && state.seconds === seconds);
    utc.setAttribute('aria-pressed', state.utc);
    ghost.setAttribute('aria-pressed', state.ghost !== 'none');
    ghost.textContent = state.ghost === 'none' ? 'Ghost' : `Ghost: ${state.ghost} before`;
    const [from, to] = state.span(board.now());
    byId('now').textContent = state.live ? `last ${format.span(state.seconds)}` : `${format.moment(from, state.utc)} to ${format.moment(to, state.utc)}`;
  };
  state.onChange(mark);
  mark();
}

function toggleUtc() {
  state.utc = !state.utc;
  state.changed();
}

function nextGhost() {
  state.ghost = { none: 'day', day: 'week', week: 'none' }[state.ghost];
  state.changed();
}

function showHelp() {
  const dialog = byId('help');
  const title = document.createElement('h2');
  title.id = 'help-title';
  title.textContent = 'Keys and moves';
  const table = document.createElement('table');
  for (const [key, what] of HELP) {
    const row = table.insertRow();
    const kbd = document.createElement('kbd');
    kbd.textContent = key;
    row.insertCell().append(kbd);
    row.insertCell().textContent = what;
  }
  const close = document.createElement('button');
  close.textContent = 'Close';
  close.addEventListener('click', () => dialog.close());
  dialog.replaceChildren(title, table, close);
  dialog.showModal();
}

function move(spans) {
  const [from, to] = state.span(board.now());
  state.show(from + spans * (to - from), to + spans * (to - from), board.now());
}

function zoom(by) {
  const [from, to] = state.span(board.now());
  if (state.live) state.showLast((to - from) * by);
  else state.show((from + to) / 2 - ((to - from) * by) / 2, (from + to) / 2 + ((to - from) * by) / 2, board.now());
}

const PRESSES = {
  '/': () => byId('search').focus(), '?': showHelp, l: () => state.showLast(state.seconds), u: toggleUtc, g: nextGhost,
  '`': () => state.showLast(10), '[': () => move(-1), ']': () => move(1), '+': () => zoom(0.5), '-': () => zoom(2), Backspace: () => state.stepBack(),
};
RANGES.forEach(([, seconds], i) => (PRESSES[String((i + 1) % 10)] = () => state.showLast(seconds)));

document.addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
  const press = PRESSES[e.key.length === 1 ? e.key.toLowerCase() : e.key];
  if (press) {
    e.preventDefault();
    press();
  }
});

let searching = null;
let pause = null;
byId('search').addEventListener('input', (e) => {
  clearTimeout(pause);
  pause = setTimeout(async () => {
    searching?.abort();
    searching = new AbortController();
    const q = e.target.value.trim();
    try {
      tree.showFound(q ? (await api.search(q, searching.signal)).keys : null);
    } catch (error) {
      if (error instanceof api.ApiError) say(error.message);
      else if (error.name !== 'AbortError') throw error;
    }
  }, SEARCH_PAUSE_MS);
});
byId('search').addEventListener('keydown', (e) => {
  if (e.key === 'ArrowDown' || e.key === 'Enter') {
    e.preventDefault();
    tree.focus();
  } else if (e.key === 'Escape') {
    e.target.value = '';
    tree.showFound(null);
    tree.focus();
  }
});
byId('help-button').addEventListener('click', showHelp);
byId('log-out').addEventListener('click', api.logOut);
api.session().then(({ login, name }) => {
  byId('log-out').hidden = !login;
  byId('log-out').title = name;
}, () => {});
document.addEventListener('visibilitychange', () => document.hidden || board.load());
addEventListener('hashchange', () => {
  state.read(location.hash);
  state.changed();
});
state.onChange(() => tree.draw());

async function followKeys() {
  try {
    if (!document.hidden) await tree.refresh();
  } catch (e) {
    if (!(e instanceof api.ApiError)) throw e;
    say(e.message);
  } finally {
    setTimeout(followKeys, KEYS_MS);
  }
}

buildRanges();
board.render();
followKeys();

// What is drawn, for tests and for the curious.
globalThis.sky = { state, charts: () => board.charts.map((c) => ({ ...c.spec, drawn: c.drawn })) };
