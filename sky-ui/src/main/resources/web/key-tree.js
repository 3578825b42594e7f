// The tree of keys. Only the rows in view exist in the document, so thousands of siblings scroll smoothly.
import * as api from './api.js';

const ROW = 24;

export class KeyTree {
  #root;
  #room = document.createElement('div');
  #onPick;
  #isShown;
  #open = new Set();
  #children = new Map();
  #rows = [];
  #found = null;
  #at = 0;

  /** `onPick(key, kinds, element)` when a key with a series is chosen; `isShown(key)` whether a chart has it. */
  constructor(root, onPick, isShown) {
    this.#root = root;
    this.#onPick = onPick;
    this.#isShown = isShown;
    this.#room.className = 'room';
    root.append(this.#room);
    root.addEventListener('scroll', () => this.draw());
    root.addEventListener('keydown', (e) => this.#onKey(e));
    new ResizeObserver(() => this.draw()).observe(root);
  }

  /** Reads all open branches anew. */
  async refresh() {
    const branches = ['', ...this.#open];
    const answers = await Promise.all(branches.map((key) => api.children(key)));
    branches.forEach((key, i) => this.#children.set(key, answers[i].keys));
    this.#layOut();
    return answers[0].partial ?? [];
  }

  /** Shows these keys in place of the tree; null brings the tree back. */
  showFound(keys) {
    this.#found = keys;
    this.#at = 0;
    this.#layOut();
  }

  focus() {
    this.#root.focus();
  }

  #layOut() {
    this.#rows = [];
    if (this.#found) {
      for (const node of this.#found) this.#rows.push({ node, depth: 0, name: node.key });
    } else {
      this.#add('', 0);
    }
    this.#at = Math.min(this.#at, Math.max(0, this.#rows.length - 1));
    this.#room.style.height = `${this.#rows.length * ROW}px`;
    this.draw();
  }

  #add(parent, depth) {
    for (const node of this.#children.get(parent) ?? []) {
      this.#rows.push({ node, depth, name: (node.separator === '>' ? '› ' : '') + node.segment });
      if (this.#open.has(node.key)) this.#add(node.key, depth + 1);
    }
  }

  draw() {
    const first = Math.max(0, Math.floor(this.#root.scrollTop / ROW) - 5);
    const last = Math.min(this.#rows.length, first + Math.ceil(this.#root.clientHeight / ROW) + 10);
    const shown = [];
    for (let i = first; i < last; i++) shown.push(this.#row(i));
    this.#room.replaceChildren(...shown);
    this.#root.setAttribute('aria-activedescendant', `row-${this.#at}`);
  }

  #row(i) {
    const { node, depth, name } = this.#rows[i];
    const row = document.createElement('div');
    row.className = 'row';
    row.id = `row-${i}`;
    row.setAttribute('role', 'treeitem');
    row.setAttribute('aria-level', depth + 1);
    row.setAttribute('aria-selected', i === this.#at);
    row.style.top = `${i * ROW}px`;
    row.style.paddingLeft = `${depth * 14}px`;
    row.title = node.key;
    row.classList.toggle('at', i === this.#at);
    row.classList.toggle('shown', this.#isShown(node.key));
    const fold = document.createElement('span');
    fold.className = 'fold';
    if (node.children && !this.#found) {
      fold.textContent = this.#open.has(node.key) ? '▾' : '▸';
      row.setAttribute('aria-expanded', this.#open.has(node.key));
      fold.addEventListener('click', (e) => {
        e.stopPropagation();
        this.#toggle(i);
      });
    }
    const label = document.createElement('span');
    label.className = 'name';
    label.textContent = name;
    const kind = document.createElement('span');
    kind.className = 'kind';
    kind.textContent = node.kinds.join(' ');
    row.append(fold, label, kind);
    row.addEventListener('click', () => {
      this.#at = i;
      this.#choose(i);
    });
    return row;
  }

  #choose(i) {
    const { node } = this.#rows[i];
    if (node.kinds.length > 0) this.#onPick(node.key, node.kinds);
    else this.#toggle(i);
    this.draw();
  }

  async #toggle(i) {
    const { node } = this.#rows[i];
    if (!node.children || this.#found) return;
    if (!this.#open.delete(node.key)) {
      this.#open.add(node.key);
      if (!this.#children.has(node.key)) this.#children.set(node.key, (await api.children(node.key)).keys);
    }
    this.#layOut();
  }

  #onKey(e) {
    const row = this.#rows[this.#at];
    if (!row) return;
    const page = Math.max(1, Math.floor(this.#root.clientHeight / ROW) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 };
    if (e.key in moves) {
      this.#at = Math.max(0, Math.min(this.#rows.length - 1, this.#at + moves[e.key]));
      const top = this.#at * ROW;
      if (top < this.#root.scrollTop) this.#root.scrollTop = top;
      if (top + ROW > this.#root.scrollTop + this.#root.clientHeight) this.#root.scrollTop = top + ROW - this.#root.clientHeight;
      this.draw();
    } else if (e.key === 'ArrowRight' && !this.#open.has(row.node.key)) this.#toggle(this.#at);
    else if (e.key === 'ArrowLeft' && this.#open.has(row.node.key)) this.#toggle(this.#at);
    else if (e.key === 'Enter' || e.key === ' ') this.#choose(this.#at);
    else return;
    e.preventDefault();
    e.stopPropagation();
  }
}
