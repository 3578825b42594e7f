// The tree of keys as it is seen. Only the rows in view exist in the document, so thousands of siblings scroll smoothly.
import * as api from './api.js';
import { foundRows, keyRows } from './key-rows.js';
import { Trends } from './trends.js';

const ROW = 26;
const MORE = 6;
const KINDS = { counter: 'C', gauge: 'G', histogram: 'H', set: 'S' };

/** What dragged keys are called on their way to a chart: a JSON array of series. */
export const DRAGGED = 'application/x-sky-series';

export class KeyTree {
  #root;
  #room = document.createElement('div');
  #page;
  #trends;
  #open = new Set();
  #children = new Map();
  #cut = new Set();
  #rows = [];
  #elements = new Map();
  #found = null;
  #words = '';
  #at = null;
  #index = 0;

  /**
   * `page` answers: `pick(series, {over})` when keys are chosen, `over` to lay them over the chart of before; `isShown(key)` whether a chart
   * has it; `now()`; `moved(id)` when the row that the keys are at has another id.
   */
  constructor(root, page) {
    this.#root = root;
    this.#page = page;
    this.#trends = new Trends(page.now, () => this.#drawTrends());
    this.#room.className = 'room';
    root.append(this.#room);
    root.addEventListener('scroll', () => this.draw());
    root.addEventListener('keydown', (e) => this.onKey(e));
    new ResizeObserver(() => this.draw()).observe(root);
  }

  /** Reads all open branches anew. */
  async refresh() {
    const branches = ['', ...[...this.#open].filter((key) => this.#children.has(key))];
    const answers = await Promise.all(branches.map((key) => api.children(key)));
    branches.forEach((key, i) => this.#keep(key, answers[i]));
    if (!this.#found) this.#layOut();
    return answers[0].partial ?? [];
  }

  #keep(key, { keys, truncated }) {
    this.#children.set(key, keys);
    if (truncated) this.#cut.add(key);
    else this.#cut.delete(key);
  }

  /** Shows these nodes in place of the tree, with the words that they were found by; null brings the tree back. */
  showFound(nodes, words = '') {
    const again = this.#found && nodes && this.#words === words.toLowerCase();
    this.#found = nodes;
    this.#words = words.toLowerCase();
    if (!again) {
      this.#at = null;
      this.#index = 0;
      this.#root.scrollTop = 0;
    }
    this.#layOut();
  }

  focus() {
    this.#root.focus();
  }

  /** Whether there is nothing but Sky's own counters. */
  get isEmpty() {
    return this.#roots.length === 0;
  }

  get #roots() {
    return (this.#children.get('') ?? []).filter((root) => root.key !== 'sky');
  }

  /** What to look at first: of each root in turn its own series, or one right below it; Sky's own counters are for those who ask. */
  async first(most) {
    const roots = this.#roots;
    const below = await Promise.all(roots.map(async (root) => (root.kinds.length > 0 ? [root] : (await api.children(root.key, most)).keys)));
    const lists = below.map((nodes) => nodes.filter((node) => node.kinds.length > 0));
    const found = [];
    for (let i = 0; i < most; i++) for (const list of lists) if (list[i]) found.push(list[i]);
    return found.slice(0, most).map((node) => `${node.kinds[0]}:${node.key}`);
  }

  #layOut() {
    this.#rows = this.#found ? foundRows(this.#found) : keyRows((key) => this.#children.get(key), (id) => this.#open.has(id));
    // The place is a row, not a number: new keys above it do not move it.
    const again = this.#rows.findIndex((row) => row.id === this.#at);
    this.#index = again >= 0 ? again : Math.min(this.#index, Math.max(0, this.#rows.length - 1));
    this.#at = this.#rows[this.#index]?.id ?? null;
    this.#room.style.height = `${this.#rows.length * ROW}px`;
    this.#root.classList.toggle('cut', !this.#found && this.#cut.size > 0);
    this.draw();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.#root.scrollTop / ROW) - MORE);
    const last = Math.min(this.#rows.length, Math.ceil((this.#root.scrollTop + this.#root.clientHeight) / ROW) + MORE);
    const before = this.#elements;
    this.#elements = new Map();
    const shown = [];
    for (let i = first; i < last; i++) {
      const { id } = this.#rows[i];
      const element = before.get(id) ?? this.#element(id);
      before.delete(id);
      this.#elements.set(id, element);
      this.#fill(element, i);
      shown.push(element);
    }
    for (const gone of before.values()) gone.remove();
    // Those that are there keep their place in the document: moving them would end a press under way.
    shown.forEach((element, i) => {
      if (this.#room.children[i] !== element) this.#room.insertBefore(element, this.#room.children[i] ?? null);
    });
    this.#markPlace();
    this.#trends.want(this.#rows.slice(first, last).flatMap(trendOf));
    this.#drawTrends();
  }

  #markPlace() {
    const element = this.#elements.get(this.#at);
    if (element) this.#root.setAttribute('aria-activedescendant', element.id);
    else this.#root.removeAttribute('aria-activedescendant');
    this.#page.moved(element?.id ?? null);
  }

  #drawTrends() {
    const color = getComputedStyle(this.#root).getPropertyValue('--trend');
    for (const row of this.#rows) {
      const canvas = this.#elements.get(row.id)?.querySelector('canvas');
      const [series] = trendOf(row);
      if (canvas && series) this.#trends.draw(canvas, series, color);
    }
  }

  #element(id) {
    const row = document.createElement('div');
    row.className = 'row';
    row.id = `row-${KeyTree.#made++}`;
    row.setAttribute('role', 'treeitem');
    const part = (name, tag = 'span') => {
      const span = document.createElement(tag);
      span.className = name;
      row.append(span);
      return span;
    };
    part('fold').setAttribute('aria-hidden', 'true');
    part('name');
    part('trend', 'canvas').setAttribute('aria-hidden', 'true');
    part('kind');
    const here = () => this.#rows.findIndex((r) => r.id === id);
    row.addEventListener('click', (e) => {
      this.#moveTo(here());
      if (e.target.className === 'fold') this.#toggle(this.#index);
      else this.#choose(this.#index, e.shiftKey);
    });
    row.addEventListener('dragstart', (e) => {
      const series = seriesOf(this.#rows[here()]);
      e.dataTransfer.setData(DRAGGED, JSON.stringify(series.slice(0, 1)));
      e.dataTransfer.effectAllowed = 'copy';
    });
    return row;
  }

  static #made = 0;

  #fill(element, i) {
    const row = this.#rows[i];
    const { node } = row;
    const [fold, name, trend, kind] = element.children;
    element.style.top = `${i * ROW}px`;
    element.style.paddingLeft = `${row.depth * 14 + 2}px`;
    element.setAttribute('aria-level', row.depth + 1);
    element.setAttribute('aria-setsize', this.#rows.length);
    element.setAttribute('aria-posinset', i + 1);
    element.setAttribute('aria-selected', row.id === this.#at);
    if (row.opens) element.setAttribute('aria-expanded', row.open);
    else element.removeAttribute('aria-expanded');
    element.classList.toggle('at', row.id === this.#at);
    element.classList.toggle('shown', Boolean(node) && this.#page.isShown(node.key));
    element.draggable = Boolean(node?.kinds.length);
    element.title = node ? node.key : row.id.slice(0, -1);
    setText(fold, row.opens ? (row.open ? '▾' : '▸') : '');
    if (this.#found) markWords(name, row.name, this.#words);
    else setText(name, row.name);
    trend.hidden = trendOf(row).length === 0;
    const kinds = node?.kinds ?? [];
    if (kind.dataset.kinds !== kinds.join()) {
      kind.dataset.kinds = kinds.join();
      kind.replaceChildren(...kinds.map(badge));
    }
  }

  #choose(i, over) {
    const row = this.#rows[i];
    const series = seriesOf(row);
    if (series.length > 0) this.#page.pick(series, { over });
    else this.#toggle(i);
    this.draw();
  }

  async #toggle(i) {
    const row = this.#rows[i];
    if (!row.opens) return;
    if (this.#open.delete(row.id)) {
      this.#layOut();
      return;
    }
    this.#open.add(row.id);
    this.#layOut();
    if (!row.node?.children || this.#children.has(row.node.key)) return;
    try {
      this.#keep(row.node.key, await api.children(row.node.key));
      this.#layOut();
    } catch (e) {
      if (!(e instanceof api.ApiError)) throw e;
      this.#open.delete(row.id);
      this.#layOut();
    }
  }

  #moveTo(i) {
    this.#index = Math.max(0, Math.min(this.#rows.length - 1, i));
    this.#at = this.#rows[this.#index]?.id ?? null;
    const top = this.#index * ROW;
    if (top < this.#root.scrollTop) this.#root.scrollTop = top;
    if (top + ROW > this.#root.scrollTop + this.#root.clientHeight) this.#root.scrollTop = top + ROW - this.#root.clientHeight;
    this.draw();
  }

  /** A key pressed in the tree, or passed on by the search box. */
  onKey(e) {
    const row = this.#rows[this.#index];
    if (!row || e.ctrlKey || e.metaKey || e.altKey) return;
    const page = Math.max(1, Math.floor(this.#root.clientHeight / ROW) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    if (e.key in moves) this.#moveTo(this.#index + moves[e.key]);
    else if (e.key === 'Enter') this.#choose(this.#index, e.shiftKey);
    else if (e.target !== this.#root || !this.#walk(e.key, row)) return;
    e.preventDefault();
    e.stopPropagation();
  }

  /** What is the tree's alone: in the search box these keys move in the text. */
  #walk(key, row) {
    if (key === 'Home') this.#moveTo(0);
    else if (key === 'End') this.#moveTo(this.#rows.length - 1);
    else if (key === ' ') this.#choose(this.#index, false);
    else if (key === 'ArrowRight' && row.opens && !row.open) this.#toggle(this.#index);
    else if (key === 'ArrowRight' && row.open) this.#moveTo(this.#index + 1);
    else if (key === 'ArrowLeft' && row.open) this.#toggle(this.#index);
    else if (key === 'ArrowLeft' && row.parent) this.#moveTo(this.#rows.indexOf(row.parent));
    else return false;
    return true;
  }
}

/** The series of a row as the API writes them: of what was found by a pattern, the sum. */
function seriesOf({ node }) {
  return (node?.kinds ?? []).map((kind) => `${node.how ?? ''}${kind}:${node.key}`);
}

/** The series whose trend stands in a row: that of its first kind; none of a sum, which is not read as one series. */
const trendOf = (row) => (row.node?.how ? [] : seriesOf(row).slice(0, 1));

function badge(kind) {
  const mark = document.createElement('abbr');
  mark.className = kind;
  mark.title = kind;
  mark.textContent = KINDS[kind] ?? '?';
  return mark;
}

function setText(element, text) {
  if (element.textContent !== text || element.childElementCount > 0) element.textContent = text;
}

/** The name, with the words in it marked. */
function markWords(element, text, words) {
  const at = words ? text.toLowerCase().indexOf(words) : -1;
  if (at < 0) {
    setText(element, text);
    return;
  }
  const mark = document.createElement('mark');
  mark.textContent = text.slice(at, at + words.length);
  element.replaceChildren(text.slice(0, at), mark, text.slice(at + words.length));
}
