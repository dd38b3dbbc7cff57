import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_STEPS, type CommandStep } from '../transient-name.js';

/** Who runs in a unit of ours, and until when. */
export interface CommandRecord {
  readonly systemName: string;
  readonly step: CommandStep;
  /** Its deadline, on the clock of `monotonicMs`. */
  readonly endsAt: number;
}

/**
 * Not in the RuntimeDirectory of the service, which systemd empties when the service ends: the next run reads them
 * (R31). They are of this boot, as the units are.
 */
const DIRECTORY = '/run/process-monitor-commands';

/** Ms since the boot: one clock for this run of the service and the next, which nobody sets. */
export function monotonicMs(): number {
  return Math.round(Number(process.hrtime.bigint() / 1000n) / 1000);
}

/** At once, because the command begins next. False: it cannot be written. */
export function writeRecord(unit: string, { systemName, step, endsAt }: CommandRecord): boolean {
  try {
    mkdirSync(DIRECTORY, { mode: 0o700, recursive: true });
    if (!isForRootAlone()) return false;
    writeFileSync(join(DIRECTORY, unit), `${systemName} ${step} ${endsAt}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

export function removeRecord(unit: string): void {
  try {
    rmSync(join(DIRECTORY, unit), { force: true });
  } catch {
    // The next run removes it: the unit is gone.
  }
}

/** All records, by unit. What one that cannot be read says is unknown. */
export function readRecords(): ReadonlyMap<string, CommandRecord | undefined> {
  try {
    if (!isForRootAlone()) return new Map();
    return new Map(
      readdirSync(DIRECTORY).map((unit) => [unit, parse(readFileSync(join(DIRECTORY, unit), 'utf8'))]),
    );
  } catch {
    return new Map();
  }
}

const RECORD = new RegExp(`^(\\S+) (${COMMAND_STEPS.join('|')}) (\\d{1,15})\\n$`);

function parse(line: string): CommandRecord | undefined {
  const [, systemName, step, endsAt] = RECORD.exec(line) ?? [];
  if (systemName === undefined || step === undefined) return undefined;
  return { systemName, step: step as CommandStep, endsAt: Number(endsAt) };
}

function isForRootAlone(): boolean {
  const { mode, uid } = lstatSync(DIRECTORY);
  return uid === process.getuid?.() && (mode & 0o170077) === 0o040000;
}
