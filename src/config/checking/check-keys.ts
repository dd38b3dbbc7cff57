import { nearestName } from '../../domain/nearest-name.js';
import { CONFIG_KEYS, type ConfigKey, type SectionKind } from '../keys/config-keys.js';
import type { ConfigIssue } from '../reading/config-error.js';
import { readValue } from '../reading/read-value.js';
import { type ScannedEntry, showKey } from '../reading/scan-lines.js';

/** A known key and the text after its `=`. */
export interface Entry extends ScannedEntry {
  /** The value as text; undefined if the value is a fault. */
  readonly text?: string;
}

interface CheckedKeys {
  readonly entries: readonly Entry[];
  readonly faults: readonly ConfigIssue[];
}

/** Checks each key of a section by itself: is it known, is it there once, is its value readable and allowed (R23)? */
export function checkKeys(kind: SectionKind, label: string, scanned: readonly ScannedEntry[]): CheckedKeys {
  const known = CONFIG_KEYS.filter(({ section }) => section === kind);
  const entries: Entry[] = [];
  const faults: ConfigIssue[] = [];

  for (const entry of scanned) {
    const add = (problem: string, costs: Pick<ConfigIssue, 'costsSection'> = {}) =>
      faults.push({ line: entry.line, key: `${label}.${showKey(entry.key)}`, problem, ...costs });

    const configKey = known.find(({ key }) => key === entry.key);
    if (configKey === undefined) {
      add(describeUnknownKey(entry.key, known));
      continue;
    }
    const first = entries.find(({ key }) => key === entry.key);
    if (first) add(`is set twice (first on line ${first.line}), allowed: once`);

    const value = checkValue(configKey, entry.raw);
    if ('problem' in value) {
      // Real files of the Bash service have commands such as `a; b`. Only this section is not used then.
      const isCutCommand = value.isCut === true && configKey.type === 'command';
      add(value.problem, isCutCommand ? { costsSection: true } : {});
    }
    entries.push({ ...entry, ...('text' in value ? value : {}) });
  }
  return { entries, faults };
}

function checkValue(
  { type, schema }: ConfigKey,
  raw: string,
): { text: string } | { problem: string; isCut?: true } {
  const value = readValue(raw, {
    commentAllowed: type === 'number' || type === 'word',
    shellQuotes: type === 'command',
  });
  if ('problem' in value) return value;
  const issue = schema.safeParse(value.text).error?.issues[0];
  return issue ? { problem: issue.message } : value;
}

function describeUnknownKey(key: string, known: readonly ConfigKey[]): string {
  const elsewhere = CONFIG_KEYS.find((candidate) => candidate.key === key);
  if (elsewhere) {
    return `is not a key of this section, allowed: in [${headingOf(elsewhere.section)}]`;
  }
  const names = known.map((candidate) => candidate.key);
  // The text after a character that occurs in no key may be a value.
  const nearest = nearestName(key.replace(/[^\w\s.-].*$/, '').trim(), names);
  return nearest
    ? `is not a known key, did you mean "${nearest}"?`
    : `is not a known key, allowed: ${names.join(', ')}`;
}

function headingOf(section: SectionKind): string {
  return section === 'process' || section === 'maintenance' ? `${section}.NAME` : section;
}
