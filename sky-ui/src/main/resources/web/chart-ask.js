// A line of input in a chart: a formula, percentiles. What is wrong with it is told below it, with the place.
import { element } from './element.js';

/** Asks in `host`; `submit(text)` promises, and what it throws is told: its message, and the place where it has `at`. */
export function ask(host, { label, value, hint }, submit) {
  host.querySelector('.ask')?.remove();
  const input = element('input', { value, 'aria-label': label, placeholder: hint, spellcheck: 'false', autocomplete: 'off' });
  const told = element('output', { class: 'wrong' });
  const form = element('form', {
    class: 'ask',
    submit: async (e) => {
      e.preventDefault();
      try {
        await submit(input.value.trim());
        form.remove();
      } catch (fault) {
        tell(fault, input.value);
      }
    },
    keydown: (e) => {
      e.stopPropagation();
      if (e.key === 'Escape') form.remove();
    },
  }, input, element('button', { type: 'submit' }, 'Draw'), told);
  const tell = (fault, text) => {
    const lead = text.length - text.trimStart().length;
    const place = fault.at === undefined ? null : element('code', {}, text.slice(0, lead + fault.at), element('mark', {}, text.slice(lead + fault.at, lead + fault.at + 1) || '␣'), text.slice(lead + fault.at + 1));
    told.replaceChildren(fault.message, ...(place ? [place] : []));
    if (fault.at !== undefined) input.setSelectionRange(lead + fault.at, lead + fault.at + 1);
  };
  host.prepend(form);
  input.focus();
  input.setSelectionRange(value.length, value.length);
}
