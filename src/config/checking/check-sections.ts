import type { SectionKind } from '../keys/config-keys.js';
import type { ConfigIssue } from '../reading/config-error.js';
import { type ScannedSection, showName } from '../reading/scan-lines.js';
import { checkKeys, type Entry } from './check-keys.js';
import { resolveSection } from './resolve-section.js';

/** A section whose name is known or can be guessed. */
export interface Section {
  readonly kind: SectionKind;
  /** NAME of `[process.NAME]`; `default` for the defaults. */
  readonly processName?: string;
  /** NAME of `[maintenance.NAME]`. */
  readonly maintenanceName?: string;
  /** The name, as faults show it. */
  readonly label: string;
  readonly line: number;
  readonly entries: readonly Entry[];
}

/** Checks every section and its keys, one by one. Rules over several sections or keys are checked later. */
export function checkSections(scanned: readonly ScannedSection[]): {
  sections: Section[];
  faults: ConfigIssue[];
} {
  const sections: Section[] = [];
  const faults: ConfigIssue[] = [];
  const firstLines = new Map<string, number>();

  for (const { name, line, entries } of scanned) {
    const label = showName(name);
    const { kind, problem, ...names } = resolveSection(name);
    if (problem) faults.push({ line, key: `[${label}]`, problem });

    const firstLine = firstLines.get(name);
    if (firstLine === undefined) firstLines.set(name, line);
    else {
      const again = `is there twice (first on line ${firstLine}), allowed: once`;
      faults.push({ line, key: `[${label}]`, problem: again });
    }
    if (kind === undefined) continue;

    const keys = checkKeys(kind, label, entries);
    faults.push(...keys.faults);
    sections.push({ kind, label, line, entries: keys.entries, ...names });
  }
  return { sections, faults };
}

/** The entry of a key; the first one if the key is set twice. */
export function entryOf(section: Section | undefined, key: string): Entry | undefined {
  return section?.entries.find((entry) => entry.key === key);
}

/** The keys of a section and their texts. */
export function textsOf(section: Section | undefined): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { key, text } of section?.entries ?? []) if (text !== undefined) texts[key] = text;
  return texts;
}
