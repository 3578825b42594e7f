// The help: all keys and moves, and how a script marks a moment.
import { button, dialog, element } from './element.js';

const POINTER = [
  ['click a key', 'its chart'], ['shift-click', 'over the chart used last; or drag a key onto a chart'], ['click a point', 'what it is made of: servers, packets, losses'], ['drag', 'zoom to a span of time, or of values'],
  ['shift-drag', 'move in time'], ['wheel', 'zoom at the pointer'], ['double-click', 'the step before'], ['right-click', 'annotate this moment'],
  ['drag a heading', 'move a chart'],
];

/** `presses` are {keys, what} in groups: [['Find', [...]], ...]. */
export function showHelp(presses) {
  const groups = [...presses, ['Pointer', POINTER.map(([keys, what]) => ({ keys, what }))]];
  const sections = groups.map(([title, all]) => element('section', {}, element('h3', {}, title), element('dl', {}, ...all.flatMap(({ keys, told = keys, what }) => [
    element('dt', {}, ...told.split(' ').flatMap((key, i) => (title === 'Pointer' ? [i ? ' ' : '', key] : [i ? ' ' : '', element('kbd', {}, key)]))),
    element('dd', {}, what),
  ]))));
  const script = `curl --json '{"label":"v1.2","type":"deploy"}' ${location.origin}/api/annotations`;
  const close = button('Close', 'Close the help', () => shown.close());
  const shown = dialog('help', 'Keys and moves', element('div', { class: 'columns' }, ...sections,
    element('section', {}, element('h3', {}, 'Keys in the tree'), element('p', {}, 'a|b counts in a, too; a>b does not. Dots in a key open as levels, for display only. '
      + 'C counter, G gauge, H histogram, S set. In the search box * stands for any letters: http_status|5* finds each, and their sum.')),
    element('section', { class: 'wide' }, element('h3', {}, 'Annotate from a script'), element('p', {}, element('code', {}, script)))), close);
  close.focus();
}
