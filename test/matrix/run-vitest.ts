import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReport, type TestOutcome } from './read-report.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

interface VitestRun {
  readonly env: Readonly<Record<string, string>>;
  readonly vitestConfig?: string;
  readonly files: readonly string[];
}

/** Somebody has ended the tests by a signal: no other cell is to be run. */
export class InterruptedError extends Error {}

/**
 * Runs these tests at our terminal; resolves to what came of each.
 *
 * @throws InterruptedError, and an Error if they end without a report
 */
export async function runVitest({ env, vitestConfig, files }: VitestRun): Promise<TestOutcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'matrix-'));
  const report = join(folder, 'report.json');
  try {
    const tests = spawn(
      process.execPath,
      [
        ...[VITEST, 'run', ...(vitestConfig === undefined ? [] : ['--config', vitestConfig])],
        ...['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`, ...files],
      ],
      { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } },
    );
    let interrupted = false;
    const forward = (signal: NodeJS.Signals): void => {
      interrupted = true;
      tests.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, forward);
    await once(tests, 'close');
    for (const signal of signals) process.off(signal, forward);
    if (interrupted) throw new InterruptedError('interrupted');
    return readReport(await readFile(report, 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
