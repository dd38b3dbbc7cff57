import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FuzzTarget } from './fuzz-target.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const SUFFIX = '.fuzz.ts';

export async function targetNames(): Promise<readonly string[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith(SUFFIX));
  return files.map((file) => file.slice(0, -SUFFIX.length)).sort();
}

export async function loadTarget(name: string): Promise<FuzzTarget> {
  const { target }: { readonly target: FuzzTarget } = await import(`./${name}.fuzz.ts`);
  return target;
}

/** The seeds of a target by the names of their files, among them what was once found. */
export async function readSeeds(name: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(FOLDER, 'seeds', name);
  const files = (await readdir(folder)).sort();
  return new Map(
    await Promise.all(
      files.map(
        async (file): Promise<[string, string]> => [file, await readFile(join(folder, file), 'utf8')],
      ),
    ),
  );
}

/** Keeps an input that was found, so that it is tried for ever; returns its path. */
export async function keepSeed(name: string, input: string): Promise<string> {
  const folder = join(FOLDER, 'seeds', name);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `found-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`);
  await writeFile(file, input);
  return file;
}
