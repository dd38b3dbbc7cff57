import { readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CellResult, MatrixResults } from './result.js';

/** What all runs came to: each replaces the cells that it has run. */
const RESULTS_FILE = fileURLToPath(new URL('results.json', import.meta.url));

export async function readResults(file = RESULTS_FILE): Promise<MatrixResults> {
  // Nobody but mergeResult writes there.
  return JSON.parse(await readFile(file, 'utf8')) as MatrixResults;
}

/** Replaces the cell of that name in the file; `order` is that of the cells. */
export async function mergeResult(
  result: CellResult,
  kernel: string,
  order: readonly string[],
  file = RESULTS_FILE,
): Promise<MatrixResults> {
  const { cells } = await readResults(file).catch(() => ({ cells: [] }));
  const others = cells.filter(({ name }) => name !== result.name && order.includes(name));
  const merged = {
    kernel,
    cells: [...others, result].toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
  };
  await writeFile(`${file}.new`, `${JSON.stringify(merged, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
  return merged;
}
