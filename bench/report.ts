import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BENCHES } from './benches.js';
import { fillBlocks } from './report/fill-blocks.js';
import { reportBlocks } from './report/report-blocks.js';
import { RESULTS, readResults } from './support/write-results.js';

/** Draws the plots and fills the marked blocks of the document from bench/results: no figure is typed by hand. */
const DOCUMENT = 'docs/performance.md';
const ROOT = fileURLToPath(new URL('..', import.meta.url));

const results = await readResults();
const earlier = reportBlocks(await readResults(join(RESULTS, 'before')));
const blocks = new Map([
  ...reportBlocks(results),
  ...[...earlier].map(([name, block]) => [`before-${name}`, block] as const),
]);
const file = join(ROOT, DOCUMENT);
const before = await readFile(file, 'utf8');
const after = fillBlocks(before, blocks);
if (after !== before) await writeFile(file, after);
process.stdout.write(`${DOCUMENT}: ${after === before ? 'as it was' : 'written'}\n`);
for (const bench of BENCHES) {
  const own = results.filter(({ name }) => name === bench.name);
  for (const { file, svg } of own.length > 0 ? (bench.draw?.(own) ?? []) : []) {
    await writeFile(join(RESULTS, `${file}.svg`), svg);
    process.stdout.write(`bench/results/${file}.svg\n`);
  }
}
