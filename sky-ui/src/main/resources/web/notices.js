// What the page tells its user: what is wrong, as long as it is so, and what was just done, for a while.
import { button, element } from './element.js';

const TOAST_MS = 8000;

export class Notices {
  #bar;
  #toasts;
  #faults = new Map();

  constructor(bar, toasts) {
    this.#bar = bar;
    this.#toasts = toasts;
  }

  /** Tells what is wrong with something; null: nothing more. */
  fault(about, text) {
    if (text) this.#faults.set(about, text);
    else if (!this.#faults.delete(about)) return;
    this.#bar.hidden = this.#faults.size === 0;
    const all = [...new Set(this.#faults.values())].join(' ');
    if (this.#bar.textContent !== all) this.#bar.textContent = all;
  }

  /** Tells what was done, and offers a way back, or on. */
  toast(text, label, press) {
    const toast = element('div', { class: 'toast', role: 'status' }, text);
    if (label) {
      toast.append(button(label, label, () => {
        toast.remove();
        press();
      }));
    }
    toast.append(button('✕', 'Close this message', () => toast.remove()));
    this.#toasts.replaceChildren(toast);
    setTimeout(() => toast.remove(), label ? 2 * TOAST_MS : TOAST_MS);
  }
}
