import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MARK, sweep } from './sweep.js';

/** For shells: 128 and the number of the signal. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGPIPE: 141, SIGTERM: 143 } as const;

const LOOK_AT_LINEAGE_MS = 50;

/**
 * Makes the one folder that everything of the demo lives in. However this process ends from now on, every process of
 * the demo ends and the folder goes; `onSignal` may say something first and gives the exit code.
 */
export function makeOwnFolder(onSignal: (usualCode: number) => number): string {
  // Before there is anything to leave behind.
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const) {
    process.on(signal, () => process.exit(onSignal(EXIT_CODES[signal])));
  }
  const outside = { ...process.env };
  const folder = mkdtempSync(join(tmpdir(), 'monitor_service-demo-'));
  const caretaker = startCaretaker(folder, outside);
  process.on('exit', () => {
    sweep(folder);
    // Last: whatever happens to us before, it finishes our work.
    caretaker.kill('SIGKILL');
  });
  // Where temporary files of the demo's own children go, too.
  Object.assign(process.env, { [MARK]: folder, TMPDIR: folder });

  watchLineage(() => process.exit(EXIT_CODES.SIGHUP));
  // The reader has gone, as in `npm run demo | head`.
  process.stdout.on('error', () => process.exit(EXIT_CODES.SIGPIPE));
  return folder;
}

/**
 * npm, the shell that it runs us with, and tsx pass on some signals only, and die of the others: then nobody could end
 * us any more. No event tells that a parent has gone.
 */
function watchLineage(onOrphaned: () => void): void {
  const lineage = (): string => `${process.ppid} ${parentOf(process.ppid)}`;
  const atStart = lineage();
  setInterval(() => {
    if (lineage() !== atStart) onOrphaned();
  }, LOOK_AT_LINEAGE_MS).unref();
}

function parentOf(pid: number): string | undefined {
  try {
    return /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** It has no mark: a sweep must not end the one who finishes it. */
function startCaretaker(folder: string, env: NodeJS.ProcessEnv): ChildProcess {
  const program = fileURLToPath(new URL('caretaker.ts', import.meta.url));
  const caretaker = spawn(process.execPath, [...process.execArgv, program, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env,
  });
  caretaker.on('error', () => {});
  caretaker.stdin.on('error', () => {});
  caretaker.unref();
  return caretaker;
}
