import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fillPage } from './fill-page.js';
import type { MatrixResults } from './result.js';

const PAGE = fileURLToPath(new URL('../../docs/compatibility.md', import.meta.url));

/** Fills the tables of docs/compatibility.md. */
export async function writePage(results: MatrixResults): Promise<void> {
  const before = await readFile(PAGE, 'utf8');
  const after = fillPage(before, results);
  if (after !== before) await writeFile(PAGE, after);
}
