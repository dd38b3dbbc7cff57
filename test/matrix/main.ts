import { release } from 'node:os';
import { describeError } from '../../src/domain/errors.js';
import { CELLS } from './cells.js';
import { type MatrixOptions, readOptions } from './options.js';
import type { CellResult } from './result.js';
import { mergeResult, readResults } from './results-file.js';
import { runCell } from './run-cell.js';
import { InterruptedError } from './run-vitest.js';
import { writePage } from './write-page.js';

const ORDER = CELLS.map(({ name }) => name);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { cells, isShort } = optionsOrExit();
for (const cell of cells) {
  say(`\n== ${cell.name}: ${cell.title}`);
  try {
    const result = await runCell(cell);
    say(describe(result));
    if (result.counts.failed > 0 || result.counts.passed === 0) process.exitCode = 1;
    if (!isShort) await writePage(await mergeResult(result, release(), ORDER));
  } catch (error) {
    if (error instanceof InterruptedError) process.exit(130);
    say(`${cell.name} is left out: ${describeError(error)}`);
    // CI may have no registry that has it; who asked for it wants it.
    if (!isShort) process.exitCode = 1;
  }
}

if (cells.length === 0) await writePage(await readResults());

/** Who mistypes an option wants to know how it is spelt, and not where that was found out. */
function optionsOrExit(): MatrixOptions {
  try {
    return readOptions(process.argv.slice(2), CELLS);
  } catch (error) {
    say(describeError(error));
    process.exit(64);
  }
}

function describe({ name, versions, counts, failures }: CellResult): string {
  const { passed, failed, skipped } = counts;
  const programs = Object.entries(versions).map(([program, version]) => `${program} ${version}`);
  const lines = [`${name}: ${programs.join(', ')}: ${passed} passed, ${failed} failed, ${skipped} skipped`];
  return [...lines, ...failures.map((failure) => `  failed: ${failure}`)].join('\n');
}
