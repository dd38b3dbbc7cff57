import type { Injected } from '../conduct.js';
import { nameOf } from '../scene/members.js';
import type { Evidence } from './evidence.js';
import { timeOfLine } from './time-of-line.js';

const BEFORE_MS = 8000;
const AFTER_MS = 6000;

/** All that is known of one process around that time, in order: the server, the commands, the service, the faults. */
export function drawTimeline(
  { history, commits, runs, log, pauses, renames }: Evidence,
  injected: readonly Injected[],
  processId: number,
  at: number,
): string {
  const spans = renames.spans.filter((span) => span.processId === processId);
  const names = new Set([nameOf(processId), ...spans.map(({ name }) => name)]);
  const entries: [number, string][] = [];
  for (const { name, from, to } of spans) {
    entries.push([from, `name     ${name} at the earliest`], [to, `name     ${name} no longer`]);
  }
  for (const raise of renames.raises) {
    if (raise.processId !== processId) continue;
    entries.push([raise.from, 'raise    its commit is sent'], [raise.to, 'raise    confirmed']);
  }
  for (const change of history) {
    if (change.processId !== processId) continue;
    const who = change.commit === null ? 'service' : `${commits.get(change.commit)?.way} ${change.commit}`;
    const notes = change.notes === null ? '' : `, notes ${JSON.stringify(change.notes)}`;
    entries.push([change.at, `table    ${change.what} ${change.was} → ${change.is} by ${who}${notes}`]);
    const commit = commits.get(change.commit);
    if (commit) entries.push([commit.from, `         commit of ${commit.id} is sent`]);
  }
  for (const { what, name: of, pid, begin, end, exitCode } of runs) {
    if (!names.has(of)) continue;
    entries.push([begin, `command  ${what} of ${of} ${pid} begins`]);
    if (end !== undefined)
      entries.push([end, `command  ${what} of ${of} ${pid} ends: ${exitCode ?? 'killed'}`]);
  }
  for (const line of log) {
    if (![...names, 'monitor_service'].some((name) => line.includes(` ${name}: `))) continue;
    entries.push([timeOfLine(line), `log      ${line.slice(24)}`]);
  }
  for (const { name: fault, from, to } of injected) {
    entries.push([from, `FAULT    ${fault}: begins`], [to, `FAULT    ${fault}: over`]);
  }
  for (const { from, to, what } of pauses) entries.push([from, `         ${what} for ${to - from} ms`]);
  return entries
    .filter(([time]) => time > at - BEFORE_MS && time < at + AFTER_MS)
    .toSorted(([a], [b]) => a - b)
    .map(([time, text]) => `  ${new Date(time).toISOString().slice(11, 23)} ${text}`)
    .join('\n');
}
