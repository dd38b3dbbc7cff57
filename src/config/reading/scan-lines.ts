import { type ConfigIssue, quoteValue } from './config-error.js';

/** `key = value` as written in the file; the value is not yet unquoted. */
export interface ScannedEntry {
  readonly key: string;
  readonly raw: string;
  readonly line: number;
}

export interface ScannedSection {
  readonly name: string;
  readonly line: number;
  readonly entries: readonly ScannedEntry[];
}

interface Scan {
  readonly sections: readonly ScannedSection[];
  readonly faults: readonly ConfigIssue[];
}

/**
 * Finds the sections and keys of an ini text with their line numbers, and the lines that are neither. The `ini` package
 * has no line numbers, skips what it does not understand, silently takes the last of several equal keys, and reads
 * `[name] ; comment` as a key. All of that is a fault here (R23). A fault never shows the text of a line: it may be a
 * password without its `=` (R24).
 */
export function scanLines(text: string): Scan {
  const sections: { name: string; line: number; entries: ScannedEntry[] }[] = [];
  const faults: ConfigIssue[] = [];

  for (const [index, untrimmed] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1;
    const content = untrimmed.trim();
    if (content === '' || content.startsWith(';') || content.startsWith('#')) continue;

    const section = sections.at(-1);
    if (content.startsWith('[')) {
      const header = readHeader(content);
      if (header.problem) faults.push({ line, key: `[${showName(header.name)}]`, problem: header.problem });
      sections.push({ name: header.name, line, entries: [] });
      continue;
    }
    const equals = content.indexOf('=');
    if (equals <= 0) {
      faults.push({
        line,
        key: section ? `[${showName(section.name)}]` : 'file',
        problem: describeStrayLine(content, equals),
      });
    } else if (section) {
      section.entries.push({
        key: content.slice(0, equals).trim(),
        raw: content.slice(equals + 1).trim(),
        line,
      });
    } else {
      const key = showKey(content.slice(0, equals).trim());
      faults.push({ line, key, problem: 'is above the first section, allowed: keys below a [section]' });
    }
  }
  return { sections, faults };
}

/**
 * A key as a fault may show it: of a key that is not a plain word only the start, because the rest may be a password.
 */
export function showKey(key: string): string {
  const word = /^[\w.-]*/.exec(key)?.[0] ?? '';
  return word === key ? showName(word) : `${word.slice(0, 60)}…`;
}

/** A section's name as a fault may show it: without a part that looks like a value, as in `[database password = x]`. */
export function showName(name: string): string {
  return quoteValue(name.replace(/\s*(?:=|:\s).*$/s, '…')).slice(1, -1);
}

function readHeader(content: string): { name: string; problem?: string } {
  const end = content.indexOf(']');
  if (end === -1) {
    const name = /^[\w.-]*/.exec(content.slice(1).trim())?.[0] ?? '';
    return { name, problem: 'the section header has no closing ], allowed: [section]' };
  }
  const name = content.slice(1, end).trim();
  if (end !== content.length - 1) {
    return {
      name,
      problem: 'text after the section header, allowed: nothing (a comment goes on a line of its own)',
    };
  }
  return { name };
}

function describeStrayLine(content: string, equals: number): string {
  if (equals === 0) return 'a value without a key, allowed: key = value';
  return /^\w+\s*:/.test(content)
    ? 'key and value are separated by a colon, allowed: key = value'
    : 'neither a section nor a key nor a comment, allowed: [section], key = value, ; comment';
}
