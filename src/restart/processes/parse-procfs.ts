import { isUtf8 } from 'node:buffer';
import type { Executable, ProcessStat, ProcessStatus } from './process-info.js';

const PF_KTHREAD = 0x00200000;
const DELETED = ' (deleted)';

/** Parses /proc/PID/stat. The comm may contain spaces and parentheses; it ends at the last `)`. */
export function parseStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  const stat = {
    pid: Number.parseInt(text, 10),
    comm: text.slice(open + 1, close),
    state: fields[0] ?? '',
    ppid: field(4),
    pgrp: field(5),
    session: field(6),
    terminal: field(7),
    kernelThread: (field(9) & PF_KTHREAD) !== 0,
    startTime: field(22),
  };
  return Number.isSafeInteger(stat.pid) && Number.isSafeInteger(stat.startTime) ? stat : undefined;
}

/** Parses /proc/PID/status. */
export function parseStatus(text: string): ProcessStatus | undefined {
  const numbers = (key: string) =>
    (new RegExp(`^${key}:(.*)$`, 'm').exec(text)?.[1] ?? '')
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(Number);
  const [uid] = numbers('Uid');
  const [gid] = numbers('Gid');
  if (uid === undefined || gid === undefined) return undefined;
  const umask = /^Umask:\s*([0-7]+)$/m.exec(text)?.[1];
  return {
    credentials: { uid, gid, groups: numbers('Groups').sort((a, b) => a - b) },
    umask: umask === undefined ? undefined : Number.parseInt(umask, 8),
    inContainer: numbers('NSpid').length > 1,
  };
}

/** Parses the target of the link /proc/PID/exe. */
export function parseExecutable(link: string): Executable {
  return link.endsWith(DELETED)
    ? { path: link.slice(0, -DELETED.length), deleted: true }
    : { path: link, deleted: false };
}

/**
 * Parses /proc/PID/cmdline or /proc/PID/environ: strings that each end with a NUL. A string that is not UTF-8 becomes
 * undefined.
 */
export function parseStrings(bytes: Buffer): (string | undefined)[] {
  const strings: (string | undefined)[] = [];
  for (let start = 0; start < bytes.length; ) {
    const nul = bytes.indexOf(0, start);
    const end = nul < 0 ? bytes.length : nul;
    const string = bytes.subarray(start, end);
    strings.push(isUtf8(string) ? string.toString('utf8') : undefined);
    start = end + 1;
  }
  return strings;
}
