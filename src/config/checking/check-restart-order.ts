import { nearestName } from '../../domain/nearest-name.js';
import { splitNames } from '../keys/text-keys.js';
import { type ConfigIssue, quoteValue } from '../reading/config-error.js';
import { isDefault } from './check-process-sections.js';
import { entryOf, type Section } from './check-sections.js';

/** The keys that make one process wait for another, and the one that restarts it with another. */
const WAITING = ['after', 'requires'] as const;
const RESTARTING = ['restart_with'] as const;
type OrderKey = (typeof WAITING)[number] | (typeof RESTARTING)[number];

/** The rules of `after` and `requires` (R35): each name has a section of its own, and no process waits for itself. */
export function checkRestartOrder(sections: readonly Section[]): ConfigIssue[] {
  const processes = sections.filter(({ kind }) => kind === 'process');
  const named = processes.filter((section) => section.processName !== undefined && !isDefault(section));
  const names = named.map(({ processName = '' }) => processName);
  return [
    ...processes.flatMap((section) =>
      [...WAITING, ...RESTARTING].flatMap((key) =>
        isDefault(section) ? checkDefault(section, key) : checkNames(section, key, names),
      ),
    ),
    ...findCircles(named, WAITING),
    ...findCircles(named, RESTARTING),
  ];
}

function checkDefault(section: Section, key: OrderKey): ConfigIssue[] {
  const entry = entryOf(section, key);
  if (!entry) return [];
  const problem = 'would concern every process, itself included, allowed: in [process.NAME] only';
  return [{ line: entry.line, key: `${section.label}.${key}`, problem }];
}

function checkNames(section: Section, key: OrderKey, names: readonly string[]): ConfigIssue[] {
  const entry = entryOf(section, key);
  return splitNames(entry?.text ?? '').flatMap((name) => {
    if (names.includes(name)) return [];
    const near = nearestName(name, names);
    const hint = near === undefined ? `allowed: NAMEs of [process.NAME] sections` : `did you mean "${near}"?`;
    const problem = `${quoteValue(name)} has no section of its own, ${hint}`;
    return [{ line: entry?.line ?? section.line, key: `${section.label}.${key}`, problem }];
  });
}

/** Reports each circle once, at the first of its sections in the file. */
function findCircles(sections: readonly Section[], keys: readonly OrderKey[]): ConfigIssue[] {
  const byName = new Map(sections.map((section) => [section.processName ?? '', section]));
  const reported = new Set<string>();
  return sections.flatMap((section) => {
    const name = section.processName ?? '';
    const circle = reported.has(name) ? undefined : findCircle(name, byName, keys);
    if (!circle) return [];
    for (const member of circle) reported.add(member);
    const [, next = name] = [...circle, name];
    const key = keys.find((candidate) => namesIn(section, candidate).includes(next)) ?? keys[0];
    const shown = [...circle, name].map((member) => quoteValue(member).slice(1, -1)).join(' → ');
    const what = keys === WAITING ? 'each would wait for the next' : 'each would restart with the next';
    return [
      {
        line: entryOf(section, key ?? 'after')?.line ?? section.line,
        key: `${section.label}.${key}`,
        problem: `is a circle, ${shown}: ${what}, allowed: an order with a first process`,
      },
    ];
  });
}

/** The shortest way from this process to itself, without the end; undefined if there is none. */
function findCircle(
  start: string,
  byName: ReadonlyMap<string, Section>,
  keys: readonly OrderKey[],
): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const name of queue) {
    const section = byName.get(name);
    for (const next of section ? keys.flatMap((key) => namesIn(section, key)) : []) {
      if (next === start) {
        const way = [name];
        for (let at = name; at !== start; way.unshift(at)) at = cameFrom.get(at) ?? start;
        return way;
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, name);
      queue.push(next);
    }
  }
  return undefined;
}

function namesIn(section: Section, key: OrderKey): readonly string[] {
  return splitNames(entryOf(section, key)?.text ?? '');
}
