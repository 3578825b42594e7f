// The search box over all keys. What it finds stands in place of the tree; the arrows walk there while one writes on.
import * as api from './api.js';

const PAUSE_MS = 80;

export class KeySearch {
  #input;
  #tree;
  #told;
  #pause = null;
  #request = null;
  /** While it is looked for what is in the box. */
  #finding = null;

  /** `told` is the element that says what was found. */
  constructor(input, tree, told) {
    this.#input = input;
    this.#tree = tree;
    this.#told = told;
    input.addEventListener('input', () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.#begin(), PAUSE_MS);
    });
    input.addEventListener('keydown', (e) => this.#onKey(e));
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  /** The row that the arrows are at, for who can't see it. */
  moved(rowId) {
    if (rowId && this.#input.getAttribute('aria-expanded') === 'true') this.#input.setAttribute('aria-activedescendant', rowId);
    else this.#input.removeAttribute('aria-activedescendant');
  }

  /** Looks again for what is in the box: there may be new keys. */
  again() {
    if (this.#input.value.trim() && this.#pause === null && !this.#finding) this.#begin();
  }

  #onKey(e) {
    if (e.key === 'Escape') {
      e.preventDefault();
      this.#input.value = '';
      this.#begin();
      this.#tree.focus();
    } else if (e.key === 'Enter' && (this.#pause !== null || this.#finding)) {
      // Written and entered faster than it was found.
      e.preventDefault();
      if (this.#pause !== null) this.#begin();
      const { shiftKey } = e;
      this.#finding.then(() => this.#tree.onKey(new KeyboardEvent('keydown', { key: 'Enter', shiftKey })));
    } else this.#tree.onKey(e);
  }

  #begin() {
    clearTimeout(this.#pause);
    this.#pause = null;
    const finding = this.#find().finally(() => {
      if (this.#finding === finding) this.#finding = null;
    });
    this.#finding = finding;
  }

  async #find() {
    this.#request?.abort();
    this.#request = new AbortController();
    const words = this.#input.value.trim();
    try {
      if (!words) this.#show(null);
      else if (words.includes('*')) this.#show(await this.#match(words), words);
      else this.#show(await api.search(words, this.#request.signal), words);
    } catch (e) {
      if (e instanceof api.ApiError) this.#told.textContent = e.message;
      else if (e.name !== 'AbortError') throw e;
    }
  }

  /** The keys of a pattern, and before them the sum of all. */
  async #match(pattern) {
    const found = await api.match(pattern, this.#request.signal);
    const kinds = [...new Set(found.keys.flatMap((node) => node.kinds))];
    const sum = { key: pattern, how: 'sum:', kinds, children: false };
    return found.keys.length > 1 ? { ...found, keys: [sum, ...found.keys] } : found;
  }

  #show(found, words) {
    this.#input.setAttribute('aria-expanded', found !== null);
    this.#tree.showFound(found?.keys ?? null, words);
    const n = found?.keys.length ?? 0;
    if (!found) this.#told.textContent = '';
    else if (n === 0) this.#told.textContent = 'No such key.';
    else this.#told.textContent = found.truncated ? `The best ${n}; there are more.` : n === 1 ? '1 key' : `${n} keys`;
  }
}
