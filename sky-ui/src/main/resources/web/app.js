// Puts the page together.
import * as api from './api.js';
import { AnnotationDialog } from './annotation-dialog.js';
import { AnnotationLayer } from './annotation-layer.js';
import { Annotations } from './annotations.js';
import { Board } from './board.js';
import { Completeness } from './completeness.js';
import { CompletenessStrip } from './completeness-strip.js';
import { DashboardMenu } from './dashboard-menu.js';
import { Dashboards } from './dashboards.js';
import { Explanation } from './explain.js';
import { KeySearch } from './key-search.js';
import { KeyTree } from './key-tree.js';
import { Notices } from './notices.js';
import { PageState } from './page-state.js';
import { RANGES, RangeBar } from './range-bar.js';
import { describe, nameOf } from './chart-description.js';
import { button, dialog, element } from './element.js';
import { listenToKeys } from './keyboard.js';
import { showHelp } from './help.js';

const KEYS_MS = 1000;
/** A list of keys that takes long to come is asked for less often. */
const REST_FACTOR = 8;
const FIRST_CHARTS = 6;

const byId = (id) => document.getElementById(id);
const state = new PageState(location);
const notices = new Notices(byId('notice'), byId('toasts'));

const board = new Board(byId('board'), state, { say: (text) => notices.fault('charts', text), made, closed: () => {}, picked, empty });
const range = new RangeBar(byId('ranges'), byId('now'), state, () => board.now());
const marks = new AnnotationDialog(() => state.utc, () => annotations.follow(true));
const explanation = new Explanation(() => state.utc);
const completeness = new Completeness(() => state.span(board.now()), () => board.draw(), (text) => notices.fault('ledger', text));
const annotations = new Annotations(() => state.span(board.now()), () => board.now(), () => board.draw(), (text) => notices.fault('annotations', text));

const tree = new KeyTree(byId('tree'), {
  pick: (series, { over }) => {
    board.show(over ? [{ series }] : series.map(describe), over);
    // On a phone the list lies over the charts.
    if (!over) setKeysShown(false);
  },
  isShown: (key) => state.charts.some((chart) => chart.series.some((s) => nameOf(s) === key)),
  now: () => board.now(),
  moved: (id) => search.moved(id),
});
const search = new KeySearch(byId('search'), tree, byId('found'));
const boards = new Dashboards(state);
const menu = new DashboardMenu(byId('dashboards'), boards, state, {
  say: (text) => notices.toast(text),
  toast: (...what) => notices.toast(...what),
  isUtc: () => state.utc,
});

/** Each chart shows the annotations, and below it how complete the data is. */
function made(chart) {
  annotate(chart);
  chart.addLayer(new CompletenessStrip(chart, completeness, {
    utc: () => state.utc,
    explain: (time, step) => explanation.show(chart.description.series, time, step),
  }));
}

/** A click on a point explains it. */
function picked(chart, { time, step }) {
  explanation.show(chart.description.series, Math.floor(time / step) * step, step);
}

/** The chart shows the annotations, and makes one where it is clicked with the other button. */
function annotate(chart) {
  chart.addLayer(new AnnotationLayer(chart.plot, () => annotations.all, (some) => marks.open(some)));
  chart.plot.addEventListener('contextmenu', (e) => {
    if (e.shiftKey) return;
    e.preventDefault();
    marks.make(chart.timeAt(e));
  });
}

/** What stands where no chart is yet. */
function empty() {
  const first = button('Show what is counted', 'The first keys, a chart for each', async () => {
    for (const series of await tree.first(FIRST_CHARTS)) state.addChart(describe(series));
  });
  first.className = 'if-counted';
  const choices = element('div', { class: 'choices' }, first);
  const hint = element('p', { class: 'if-not' }, 'Nothing is counted yet. In a shell, ', element('code', {}, './sky send counter hello'), ' is a beginning.');
  const made = element('div', { class: 'empty' }, hint, element('p', {}, 'Choose a key: its chart is shown here. ', element('kbd', {}, '/'), ' searches all of them, ', element('kbd', {}, '?'), ' tells all moves.'), choices);
  boards.list().then((all) => {
    for (const one of all.slice(0, 12)) choices.append(button(one.name, 'Open this dashboard', () => boards.show(one.id)));
  }, () => {});
  return made;
}

function setKeysShown(shown) {
  byId('keys').classList.toggle('open', shown);
  byId('keys-button').setAttribute('aria-expanded', shown);
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    notices.toast('The address of all that you see is copied.');
  } catch {
    // A browser gives its clipboard to pages of TLS and of this machine only.
    const address = element('input', { value: location.href, readonly: true, 'aria-label': 'Address' });
    dialog('name', 'The address of all that you see', address);
    address.select();
  }
}

const PRESSES = [
  ['Find', [
    { keys: '/', what: 'search all keys', press: () => { setKeysShown(true); search.focus(); } },
    { keys: 'T', what: 'to the tree', press: () => { setKeysShown(true); tree.focus(); } },
    { keys: '↑ ↓ → ←', what: 'walk the tree, open and close' },
    { keys: 'Enter', what: 'show the key in a chart; with shift: over the chart used last' },
  ]],
  ['Time', [
    { keys: '1 2 3 4 5 6 7 8 9 0', told: '1 … 9 0', what: 'the last minute … the last year', press: (key) => state.showLast(RANGES[(Number(key) + 9) % 10][1]) },
    { keys: '`', what: 'the last 10 seconds', press: () => state.showLast(10) },
    { keys: 'L', what: 'live', press: () => state.showLast(state.seconds) },
    { keys: '[ ]', what: 'a span back, a span on', press: (key) => range.move(key === '[' ? -1 : 1) },
    { keys: '+ -', what: 'zoom', press: (key) => range.zoom(key === '+' ? 0.5 : 2) },
    { keys: 'Backspace', what: 'the step before', press: () => state.stepBack() },
    { keys: 'R', what: 'from one moment to another', press: () => range.ask() },
    { keys: 'G', what: 'ghost of the day before, of the week before, none', press: () => range.nextGhost() },
    { keys: 'U', what: 'UTC or local time', press: () => range.toggleUtc() },
  ]],
  ['Charts', [
    { keys: 'A', what: 'annotate the moment under the pointer, or now', press: () => marks.make(board.hover ?? board.now()) },
    { keys: '← →', what: 'from chart to chart; with shift: move it' },
    { keys: 'Tab', what: 'from a chart to the strip below it: how complete the data is; arrows walk it, Enter explains' },
    { keys: 'Delete', what: 'close the chart' },
  ]],
  ['Dashboards', [
    { keys: 'D', what: 'open, keep, rename, delete', press: () => menu.press(() => menu.show()) },
    { keys: 'S', what: 'save', press: () => menu.press(() => menu.save()) },
    { keys: 'C', what: 'copy the address of all that is shown', press: copyLink },
    { keys: '?', what: 'this help', press: () => showHelp(PRESSES) },
  ]],
];

async function followKeys() {
  const began = performance.now();
  try {
    if (!document.hidden) {
      await tree.refresh();
      byId('board').classList.toggle('nothing-yet', tree.isEmpty);
      search.again();
    }
    notices.fault('keys', null);
  } catch (e) {
    if (!(e instanceof api.ApiError)) throw e;
    notices.fault('keys', e.message);
  } finally {
    setTimeout(followKeys, Math.max(KEYS_MS, REST_FACTOR * (performance.now() - began)));
  }
}

async function followDashboard() {
  try {
    await boards.follow();
  } catch (e) {
    if (!(e instanceof api.ApiError)) throw e;
    notices.toast(e.message);
  }
}

listenToKeys(PRESSES);
byId('help-button').addEventListener('click', () => showHelp(PRESSES));
byId('share').addEventListener('click', copyLink);
byId('keys-button').addEventListener('click', () => setKeysShown(!byId('keys').classList.contains('open')));
byId('log-out').addEventListener('click', api.logOut);
api.session().then(({ login, name }) => {
  byId('log-out').hidden = !login;
  byId('log-out').title = name;
}, () => {});
document.addEventListener('visibilitychange', () => document.hidden || board.load());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  board.draw();
  tree.draw();
});
addEventListener('hashchange', () => {
  state.read(location.hash);
  state.changed();
  followDashboard();
});
state.onChange(() => {
  tree.draw();
  annotations.follow();
  completeness.follow();
});

board.render();
followKeys();
followDashboard();
annotations.follow();
completeness.follow();

// What is drawn, for tests and for the curious.
globalThis.sky = { state, charts: () => board.charts.map((c) => ({ ...c.description, drawn: c.drawn })), annotations: () => annotations.all, completeness: () => ({ step: completeness.step, points: [...completeness.byTime.values()] }) };
