// The ring as numbers: what /api/status tells, and how fast it grew since it told last.
import { gradeOf } from './completeness.js';

/** Counters that tell of something lost, refused or wrong. */
const OF_NOTE = /dropped|drops|refused|malformed|too_|bad_|checksum|not_sky|other_version|unknown_|unsealed|late_|future_|full_|beyond_window|^keys_|overflow|_left|store_|internal_errors|evicted|failed|failures|damaged|conflict|different|forgotten|foreign|busy|partial|members_lost|unlisted|over_|not_allowed|not_terminated|no_room/;
/** What is counted in good order, although it sounds like it. */
const IN_ORDER = /^(segments|batches|batch_bytes)_sealed$|^(known_batch|late_gauge|redirected|retry|script_sent|siblings|siblings_allowed)$/;

const sumOf = (all, read) => all.reduce((sum, one) => sum + (read(one) ?? 0), 0);
const problemOf = (member) => member.error ?? member.status.problem ?? (member.state && member.state !== 'serving' ? member.state : null);

/** What grew a second between two answers, never less than nothing: a server that was started again counts anew. */
function rate(now, before, seconds) {
  return before === undefined || seconds <= 0 ? null : Math.max(0, now - before) / seconds;
}

/** What there is to show, of an answer and the one before (null: none). */
export function modelOf(answer, before) {
  const seconds = before ? answer.atMs / 1000 - before.atMs / 1000 : 0;
  const members = answer.members.map((member) => memberOf(member, before?.members.find((m) => m.name === member.name), seconds, answer));
  const load = sumOf(members, (m) => m.recordsRate);
  for (const member of members) member.load = load > 0 ? (member.recordsRate ?? 0) / load : null;
  return {
    now: answer.now,
    period: answer.period,
    keys: answer.keys,
    lagSeconds: answer.lagSeconds,
    stores: answer.stores,
    partial: answer.partial,
    left: answer.left,
    members,
    packetsRate: members.some((m) => m.packetsRate !== null) ? sumOf(members, (m) => m.packetsRate) : null,
    recordsRate: members.some((m) => m.recordsRate !== null) ? load : null,
    kernelDrops: sumOf(members, (m) => m.kernelDrops),
    flushLagSeconds: Math.max(0, ...members.map((m) => m.flushLagSeconds ?? 0)),
    sessions: sessionsOf(answer, before, seconds),
    offenders: offendersOf(answer),
    notes: notesOf(answer, before),
  };
}

function memberOf(member, before, seconds, { now, period }) {
  const { status } = member;
  const told = { name: member.name, address: `${member.host}:${member.udpPort}`, admin: member.adminPort, state: member.state ?? 'listed', heardMs: member.heardMs ?? null, share: member.share, problem: problemOf(member), answers: Boolean(status?.counters) };
  const nothing = { packetsRate: null, recordsRate: null, kernelDrops: 0, flushLagSeconds: null };
  if (!told.answers) return { ...told, ...nothing };
  const was = before?.status?.incarnation === status.incarnation && before.status.uptimeSeconds <= status.uptimeSeconds ? before.status : undefined;
  const grew = (name) => rate(status.counters[name], was?.counters?.[name], seconds);
  const unput = status.segments.unconfirmed.filter((segment) => segment.toPut > 0);
  const oldest = Math.min(...unput.map((segment) => segment.oldest));
  return {
    ...told,
    packetsRate: grew('packets_received'),
    recordsRate: grew('records_counted'),
    textRate: grew('text_lines'),
    dropsRate: grew('kernel_drops'),
    sessions: status.sessions,
    lanes: status.lanes,
    series: sumOf(status.tables, (table) => table.series),
    journalBytes: status.journal.bytes ?? null,
    journalMaxBytes: status.journal.maxBytes ?? null,
    takesData: status.segments.takesData,
    waiting: sumOf(status.segments.unconfirmed, (segment) => segment.batches),
    // What should have been put since its period ended.
    flushLagSeconds: unput.length === 0 ? 0 : Math.max(0, now - oldest - period),
    kernelDrops: status.kernel.drops,
    receiveQueueBytes: sumOf(status.kernel.sockets, (socket) => socket.receiveQueueBytes),
    receiveBufferBytes: status.kernel.receiveBufferBytes,
    advice: status.kernel.advice ?? null,
    uptimeSeconds: status.uptimeSeconds,
    storeReachable: status.store.reachable,
    clockDifferenceMs: status.store.clockDifferenceMs,
    ledger: status.ledger,
  };
}

/** A session has lanes to several members: it is one line, of the sums. */
function sessionsOf(answer, before, seconds) {
  const all = new Map();
  for (const [told, add] of [[answer, true], [before, false]]) {
    for (const member of told?.members ?? []) {
      for (const one of member.status?.ledger?.sessions ?? []) {
        if (!add && !all.has(one.session)) continue;
        const sum = all.get(one.session) ?? { session: one.session, address: null, firstMs: Infinity, lastMs: 0, patience: 0, members: [], packets: { sent: 0, counted: 0, lost: 0, duplicate: 0, late: 0, refused: {}, open: 0 }, before: null };
        all.set(one.session, sum);
        if (!add) {
          sum.before = (sum.before ?? 0) + one.sent;
          continue;
        }
        sum.address ??= one.address;
        sum.firstMs = Math.min(sum.firstMs, one.firstMs);
        sum.lastMs = Math.max(sum.lastMs, one.lastMs);
        sum.patience = Math.max(sum.patience, one.patience);
        sum.members.push(member.name);
        for (const name of ['sent', 'counted', 'lost', 'duplicate', 'late', 'open']) sum.packets[name] += one[name];
        for (const [cause, n] of Object.entries(one.refused)) sum.packets.refused[cause] = (sum.packets.refused[cause] ?? 0) + n;
      }
    }
  }
  return [...all.values()].map((one) => ({ ...one, grade: gradeOf(one.packets).kind, rate: one.before === null ? null : rate(one.packets.sent, one.before, seconds) })).sort((a, b) => b.lastMs - a.lastMs);
}

function offendersOf(answer) {
  return answer.members.flatMap((member) => (member.status?.offenders ?? []).map((one) => ({ ...one, member: member.name }))).sort((a, b) => b.lastMs - a.lastMs);
}

/** Counters of note that are not 0, each with its source and what it grew by since the answer before. */
function notesOf(answer, before) {
  const sources = (told) => [
    ...told.members.flatMap((m) => [[m.name, m.status?.counters ?? {}], [`${m.name}, its stores`, m.status?.storeCounters ?? {}]]),
    ['this page\u2019s server', Object.fromEntries(Object.entries(told.counters).map(([name, n]) => [name.replace(/^sky_(ui|store)_/, ''), n]))],
  ];
  const was = new Map(before ? sources(before) : []);
  return sources(answer).flatMap(([source, counters]) => Object.entries(counters)
    .filter(([name, n]) => n > 0 && OF_NOTE.test(name) && !IN_ORDER.test(name))
    .map(([name, n]) => ({ source, name, n, more: Math.max(0, n - (was.get(source)?.[name] ?? n)) })));
}
