import type { LogEntry } from './log-entry.js';
import { LOG_LEVELS } from './log-level.js';

/** `2026-11-22 13:04:05.123 INFO    httpd: alarm seen (binlog) key=value`, in local time. */
export function renderFileLine(entry: LogEntry): string {
  return `${renderDate(entry.time)} ${renderTime(entry.time)} ${renderRest(entry)}\n`;
}

/** `<6>INFO    httpd: alarm seen`: sd-daemon(3) priority first; the journal adds the time. */
export function renderJournalLine(entry: LogEntry): string {
  return `<${LOG_LEVELS[entry.level].priority}>${renderRest(entry)}\n`;
}

/** `13:04:05 INFO    httpd: alarm seen`, with a coloured level and a bold subject. */
export function renderTerminalLine(entry: LogEntry): string {
  const level = `\x1b[${LOG_LEVELS[entry.level].sgr}m${entry.level.padEnd(7)}\x1b[0m`;
  const subject = `\x1b[1m${quote(entry.subject)}\x1b[0m`;
  return `${renderTime(entry.time).slice(0, 8)} ${level} ${subject}: ${entry.message}${renderFields(entry)}\n`;
}

function renderRest(entry: LogEntry): string {
  return `${entry.level.padEnd(7)} ${quote(entry.subject)}: ${entry.message}${renderFields(entry)}`;
}

function renderFields(entry: LogEntry): string {
  return Object.entries(entry.fields)
    .map(([key, value]) => ` ${quote(key)}=${quote(String(value))}`)
    .join('');
}

/** A subject with a space is quoted too: otherwise it could look like the subject and the message of another line. */
function quote(text: string): string {
  return text === '' || /[\s"=]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text;
}

function renderDate(time: Date): string {
  return [time.getFullYear(), pad(time.getMonth() + 1), pad(time.getDate())].join('-');
}

function renderTime(time: Date): string {
  const seconds = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => pad(part)).join(':');
  return `${seconds}.${pad(time.getMilliseconds(), 3)}`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
