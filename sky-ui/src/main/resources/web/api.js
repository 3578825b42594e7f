// The HTTP API of docs/http-api.md, as promises.

/** A refusal or failure that the page can show: a sentence, and the status where there was an answer. */
export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(`api/${path}`, { ...options, headers: { Accept: 'application/json', ...options.headers } });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ApiError('Sky does not answer; trying again.');
  }
  // The session is over: the page, asked for again, leads to the login and back.
  if (response.status === 401) location.reload();
  const body = await response.json().catch((e) => {
    if (e.name === 'AbortError') throw e;
    return {};
  });
  if (!response.ok) throw new ApiError(body.error ?? `Sky answered ${response.status}.`, response.status);
  return body;
}

function get(path, parameters, signal) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) if (one !== undefined) query.append(name, one);
  }
  return ask(`${path}?${query}`, { signal });
}

/** Asks for a change; `version` is the one that was seen of what is changed. */
function change(method, path, body, version) {
  const headers = { 'Content-Type': 'application/json' };
  if (version !== undefined) headers['If-Match'] = `"${version}"`;
  return ask(path, { method, headers, body: body && JSON.stringify(body) });
}

/** Children of a key in the tree; the roots without one. */
export const children = (prefix, limit = 5000) => get('keys', { prefix: prefix || undefined, limit });

export const search = (q, signal, limit = 200) => get('search', { q, limit }, signal);

/** The keys that match a pattern. */
export const match = (pattern, signal, limit = 200) => get('keys', { match: pattern, limit }, signal);

/** Points of many series at the finest step that gives at most `points` of them; times in epoch seconds. */
export const series = (names, from, to, points, buckets, signal) =>
  get('series', { series: names, from: Math.floor(from), to: Math.ceil(to), points, buckets: buckets || undefined }, signal);

/** The same by all parameters of the request. */
export const seriesBy = (parameters, signal) => get('series', parameters, signal);

export const annotations = (from, to) => get('annotations', { from: Math.floor(from), to: Math.ceil(to) });

export const annotation = (id) => get(`annotations/${id}`, {});

export const makeAnnotation = (annotation) => change('POST', 'annotations', annotation);

export const editAnnotation = (annotation) => change('PUT', `annotations/${annotation.id}`, annotation, annotation.version);

export const deleteAnnotation = ({ id, version }) => change('DELETE', `annotations/${id}`, undefined, version);

/** The dashboards that are kept, without their content. */
export const dashboards = () => get('dashboards', {});

export const dashboard = (id) => get(`dashboards/${id}`, {});

export const makeDashboard = (name, content) => change('POST', 'dashboards', { name, content });

export const editDashboard = ({ id, version }, name, content) => change('PUT', `dashboards/${id}`, { name, content }, version);

export const deleteDashboard = ({ id, version }) => change('DELETE', `dashboards/${id}`, undefined, version);

/** How many packets were sent and what became of them, at the finest step that gives at most `points`. */
export const ledger = (from, to, points) => get('ledger', { from: Math.floor(from), to: Math.ceil(to), points });

/** What the step of a moment is made of: servers, packets, losses. */
export const explain = (series, time, step) => get('explain', { series, time: Math.floor(time), resolution: step });

/** The members and what each says of itself. */
export const status = (signal) => get('status', {}, signal);

/** The newest point of each of these series. */
export const latest = (series, signal) => get('latest', { series }, signal);

/** The newest points of the keys that a member owns, from the one after `after` on. */
export const latestOf = (member, after, signal) => get('latest', { member, after: after ?? undefined }, signal);

/** Whether there is a login, and who is in: { login, name }. */
export const session = () => get('session', {});

export const logOut = () => fetch('logout', { method: 'POST' }).finally(() => location.reload());
