import { formatLocalTime } from '../local-time.js';
import { NOTE_TEXTS, type NotePrefix } from './note-texts.js';
import { shorten } from './shorten.js';

/** What `notes` can hold: the width of the column in characters. */
export interface NotesColumn {
  readonly maxLength: number;
}

export const DEFAULT_NOTES_COLUMN: NotesColumn = { maxLength: 100 };

/**
 * A note for a person who reads the table: `OK 2026-11-22 13:04:05 restarted by service, attempt 1`. ASCII only,
 * because the column may have any charset, and never longer than the column. Outcome, time and reason come first, because
 * the end is left out.
 */
export function formatNote(
  outcome: NotePrefix,
  at: number,
  text: string,
  column: NotesColumn = DEFAULT_NOTES_COLUMN,
): string {
  const beginning = `${outcome} ${formatLocalTime(at)} `;
  const room = column.maxLength - beginning.length;
  if (room <= 0) return beginning.trim().slice(0, column.maxLength);
  return `${beginning}${shorten(toAscii(text), room)}`.trim();
}

/** Whether the service wrote this note, and not the tool that raised the alarm. */
export function isOwnNote(notes: string): boolean {
  return OWN_NOTE.test(notes);
}

/** Whether it is one of ours with this outcome. */
export function isNoteOf(outcome: NotePrefix, notes: string | null): boolean {
  return notes !== null && isOwnNote(notes) && notes.startsWith(`${outcome} `);
}

const OWN_NOTE = new RegExp(`^(${Object.keys(NOTE_TEXTS).join('|')}) \\d{4}-\\d\\d-\\d\\d `);

function toAscii(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replaceAll('…', '...')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim();
}
