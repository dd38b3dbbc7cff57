import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchResult } from './result.js';

export const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

/** Writes `NAME-SERVER.json`: the same result gives the same bytes, whatever order its keys were made in. */
export async function writeResult(result: BenchResult, directory = RESULTS): Promise<string> {
  const file = join(directory, `${result.name}-${result.server}.json`);
  await mkdir(directory, { recursive: true });
  await writeFile(`${file}.new`, formatResult(result));
  await rename(`${file}.new`, file);
  return file;
}

/** All results that there are, by name, then server. */
export async function readResults(directory = RESULTS): Promise<readonly BenchResult[]> {
  const files = (await readdir(directory).catch(() => [])).filter((file) => file.endsWith('.json')).sort();
  // Nobody but writeResult writes there.
  const texts = files.map(async (file) => JSON.parse(await readFile(join(directory, file), 'utf8')));
  return Promise.all<BenchResult>(texts);
}

/** Pretty JSON with sorted keys; numbers have 5 significant digits, and the points of a curve a line each. */
export function formatResult(result: BenchResult): string {
  const text = JSON.stringify(result, order, 2);
  return `${text.replaceAll(/\[\s+(-?[\d.e+-]+),\s+(-?[\d.e+-]+)\s+\]/g, '[$1, $2]')}\n`;
}

const FIRST = ['name', 'server', 'what'];

function order(key: string, value: unknown): unknown {
  if (typeof value === 'number') return key === 'seed' ? value : Number(value.toPrecision(5));
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const rank = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  entries.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}
