import { countFindings, type FindingLevel, type FindingSection } from '../../domain/finding.js';
import { toPrintableJson } from '../../lib/printable-json.js';
import { isUnicodeLocale, toLocaleText } from '../shared/locale-text.js';
import { type Colour, formatTable, type Paint } from '../shared/terminal.js';

export interface FormatOptions {
  readonly paint: Paint;
  /** The environment of the reader: without a UTF-8 locale only ASCII is written. */
  readonly env: NodeJS.ProcessEnv;
}

/** Formats a heading and a line for each finding, with a second line for its remedy. Pure. */
export function formatSection({ heading, findings }: FindingSection, options: FormatOptions): string {
  const { paint, env } = options;
  const text = (words: string): string => toLocaleText(words, env);
  const rows = findings.map(({ level, subject, message }) => [
    { text: `  ${sign(level, env)}`, colour: COLOURS[level] },
    text(shortenSubject(subject)),
    text(message),
  ]);
  const lines = formatTable(rows, paint).flatMap((line, index) => {
    const remedy = findings[index]?.remedy;
    return remedy === undefined ? [line] : [line, `      ${paint(text(`→ ${remedy}`))}`];
  });
  return `${[paint({ text: heading, colour: 'bold' }), ...lines].join('\n')}\n\n`;
}

/** Formats the last line: the verdict over all findings. Pure. */
export function formatSummary(sections: readonly FindingSection[], { paint }: FormatOptions): string {
  const { ok, warning, fault } = countFindings(sections);
  const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  const words = `${ok} good, ${count(warning, 'warning')}, ${count(fault, 'fault')}`;
  const verdict = fault > 0 ? 'not ready' : warning > 0 ? 'ready, with something to look at' : 'ready';
  return `${paint({ text: `${words}: ${verdict}`, colour: worstColour(warning, fault) })}\n`;
}

/** Formats all findings as JSON, for scripts. Pure. */
export function formatJson(sections: readonly FindingSection[]): string {
  const { ok, warning, fault } = countFindings(sections);
  return `${toPrintableJson({ ready: fault === 0, ok, warnings: warning, faults: fault, sections }, 2)}\n`;
}

const COLOURS: Readonly<Record<FindingLevel, Colour>> = { ok: 'green', warning: 'yellow', fault: 'red' };
const MAX_SUBJECT_LENGTH = 30;

function sign(level: FindingLevel, env: NodeJS.ProcessEnv): string {
  const unicode = isUnicodeLocale(env);
  if (level === 'warning') return '!';
  if (level === 'ok') return unicode ? '✔' : '+';
  return unicode ? '✘' : 'x';
}

function worstColour(warnings: number, faults: number): Colour {
  return faults > 0 ? 'red' : warnings > 0 ? 'yellow' : 'green';
}

function shortenSubject(subject: string): string {
  return subject.length > MAX_SUBJECT_LENGTH ? `${subject.slice(0, MAX_SUBJECT_LENGTH - 1)}…` : subject;
}
