// Arithmetic of keys, parsed, never run as script.
//
//   sum    = term (("+" | "-") term)*
//   term   = factor (("*" | "/") factor)*
//   factor = "-" factor | number | "(" sum ")" | key
//   key    = "{" [KIND ":"] KEY "}" ["." field]       a "*" in KEY: the sum of all that match
//   field  = value | count | sum | min | max | mean | p50 | p90 | p99
//
// Without a field a key means what its chart would draw: a counter as the chart counts, a gauge's last, a set's members, a histogram's count.

const FIELDS = ['value', 'count', 'sum', 'min', 'max', 'mean', 'p50', 'p90', 'p99'];
const MOST_DEPTH = 50;
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i;

/** What is wrong with a formula, and where: `at` is the index of the character. */
export class FormulaError extends Error {
  constructor(message, at) {
    super(message);
    this.at = at;
  }
}

/**
 * A formula as {operands, evaluate}: operands are [{text, field, at, end}], text as it stands in the braces, each that differs once;
 * evaluate(read) gives its value where read(i) gives that of operand i. What is missing (NaN), and a division by zero, make it NaN.
 */
export function parseFormula(text) {
  const operands = [];
  let at = 0;
  let depth = 0;

  const skip = () => {
    while (/\s/.test(text[at] ?? '')) at++;
    return text[at];
  };
  const fail = (message, where = at) => {
    throw new FormulaError(message, where);
  };

  function sum() {
    let left = term();
    while (skip() === '+' || text[at] === '-') {
      const [a, plus] = [left, text[at++] === '+'];
      const b = term();
      left = plus ? (read) => a(read) + b(read) : (read) => a(read) - b(read);
    }
    return left;
  }

  function term() {
    let left = factor();
    while (skip() === '*' || text[at] === '/') {
      const [a, times] = [left, text[at++] === '*'];
      const b = factor();
      left = times ? (read) => a(read) * b(read) : (read) => divide(a(read), b(read));
    }
    return left;
  }

  function factor() {
    if (++depth > MOST_DEPTH) fail('This is nested too deeply.');
    const made = plainFactor();
    depth--;
    return made;
  }

  function plainFactor() {
    const c = skip();
    if (c === undefined) fail('Here the formula ends, and a key, a number or a parenthesis is missing.');
    if (c === '{') return key();
    if (c === '-') {
      at++;
      const of = factor();
      return (read) => -of(read);
    }
    if (c === '(') {
      const open = at++;
      const inner = sum();
      if (skip() !== ')') fail('This parenthesis is not closed.', open);
      at++;
      return inner;
    }
    const number = NUMBER.exec(text.slice(at))?.[0];
    if (number === undefined) fail(`Here a key in braces, a number or a parenthesis is expected, not ${c}.`);
    at += number.length;
    const value = Number(number);
    return () => value;
  }

  function key() {
    const open = at;
    const close = text.indexOf('}', open);
    if (close < 0) fail('This brace is not closed.', open);
    const name = text.slice(open + 1, close).trim();
    if (name === '') fail('Between the braces a key is missing.', open);
    at = close + 1;
    const field = fieldOf();
    const same = operands.findIndex((o) => o.text === name && o.field === field);
    const i = same < 0 ? operands.push({ text: name, field, at: open, end: close + 1 }) - 1 : same;
    return (read) => read(i);
  }

  function fieldOf() {
    if (text[at] !== '.') return null;
    const word = /^[a-z0-9]*/i.exec(text.slice(at + 1))[0];
    if (!FIELDS.includes(word)) fail(`After the point stands one of ${FIELDS.join(', ')}.`, at + 1);
    at += 1 + word.length;
    return word;
  }

  const evaluate = sum();
  if (skip() !== undefined) fail(`Here an operator (+ - * /) is expected, not ${text[at]}.`);
  if (operands.length === 0) fail('There is no key in it; write one in braces, as {http_status}.', 0);
  return { operands, evaluate };
}

const divide = (a, b) => (b === 0 ? NaN : a / b);

/** An operand as {how, kind, key}; `kind` is null where the formula leaves it open. */
export function operandOf({ text }) {
  const match = /^(counter|gauge|histogram|set):(.+)$/su.exec(text);
  const key = match ? match[2] : text;
  return { how: key.includes('*') ? 'sum' : 'one', kind: match?.[1] ?? null, key };
}

/** The formula with each key's kind written out; `kindsOf(key)` promises the kinds that there are of a key or pattern. */
export async function withKinds(text, kindsOf) {
  const { operands } = parseFormula(text);
  const kinds = new Map();
  for (const operand of operands) {
    const { kind, key } = operandOf(operand);
    const found = kind ? [kind] : await kindsOf(key);
    if (found.length === 0) throw new FormulaError(`There is no key ${key}.`, operand.at);
    kinds.set(operand.text, ['counter', 'gauge', 'histogram', 'set'].find((k) => found.includes(k)));
  }
  return text.replace(/\{([^}]*)\}/g, (all, inner) => {
    const name = inner.trim();
    return operandOf({ text: name }).kind ? `{${name}}` : `{${kinds.get(name)}:${name}}`;
  });
}

/** As people read it: the kinds left out. */
export const shortFormula = (text) => text.replace(/\{(?:counter|gauge|histogram|set):/g, '{');
