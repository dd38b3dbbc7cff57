import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { msSinceBoot } from '../../../lib/boot-clock.js';
import { COMMAND_STEPS, type CommandStep } from '../transient-name.js';

/** Which command runs in a unit of ours, and until when. */
export interface CommandRecord {
  readonly systemName: string;
  readonly step: CommandStep;
  /** Its deadline, ms since the boot. */
  readonly endsAt: number;
}

/**
 * Not in the RuntimeDirectory of the service: systemd empties that when the service ends, but the next run must read
 * the records (R31). They belong to this boot, as the units do.
 */
export const RECORDS = '/run/process-monitor-commands';

/**
 * Writes a record, synchronously because the command begins next. Returns false if it cannot be written. Its last field
 * is the deadline in seconds of /proc/uptime, for the shell that enforces it when no run of the service is left: a
 * shell cannot read the other clock, which does not count the time that a host was suspended.
 */
export function writeRecord(unit: string, { systemName, step, endsAt }: CommandRecord): boolean {
  try {
    mkdirSync(RECORDS, { mode: 0o700, recursive: true });
    if (!isForRootAlone()) return false;
    const upUntil = Math.ceil(uptime() + (endsAt - msSinceBoot()) / 1000);
    writeFileSync(join(RECORDS, unit), `${systemName} ${step} ${endsAt} ${upUntil}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/** Removes the record of a unit whose command has ended. One that is not there is no error. */
export function removeRecord(unit: string): void {
  try {
    rmSync(join(RECORDS, unit), { force: true });
  } catch {
    // The next run removes it: the unit is gone.
  }
}

/** Reads all records, by unit. A record that cannot be read is undefined. */
export function readRecords(): ReadonlyMap<string, CommandRecord | undefined> {
  try {
    if (!isForRootAlone()) return new Map();
    return new Map(
      readdirSync(RECORDS).map((unit) => [unit, parse(readFileSync(join(RECORDS, unit), 'utf8'))]),
    );
  } catch {
    return new Map();
  }
}

// Earlier versions wrote no last field.
const RECORD = new RegExp(`^(\\S+) (${COMMAND_STEPS.join('|')}) (\\d{1,15})(?: \\d{1,15})?\\n$`);

function parse(line: string): CommandRecord | undefined {
  const [, systemName, step, endsAt] = RECORD.exec(line) ?? [];
  if (systemName === undefined || step === undefined) return undefined;
  return { systemName, step: step as CommandStep, endsAt: Number(endsAt) };
}

function isForRootAlone(): boolean {
  const { mode, uid } = lstatSync(RECORDS);
  return uid === process.getuid?.() && (mode & 0o170077) === 0o040000;
}
