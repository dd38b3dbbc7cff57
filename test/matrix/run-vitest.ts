import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReport, type TestOutcome } from './read-report.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

export interface VitestRun {
  readonly env: Readonly<Record<string, string>>;
  readonly vitestConfig?: string;
  readonly files: readonly string[];
}

/** Runs these tests at our terminal; resolves to what came of each. A signal that ends us ends them. */
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
    const forward = (signal: NodeJS.Signals): void => void tests.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, forward);
    await once(tests, 'close');
    for (const signal of signals) process.off(signal, forward);
    if (tests.signalCode !== null) throw new Error(`the tests were ended by ${tests.signalCode}`);
    return readReport(await readFile(report, 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
