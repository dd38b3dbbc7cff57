import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** npm writes the last one when it installs something. */
const SOURCES = [
  ...['src', 'web', 'package.json', 'build.mjs', 'few-dates.mjs', 'no-xml.mjs', 'packaging/sbom.mjs'],
  'node_modules/.package-lock.json',
];

/** Builds `dist` if something that goes into it has changed: the tests start the built program. */
export function ensureBuild(): void {
  const built = statSync(`${ROOT}/dist/packages.txt`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (SOURCES.every((source) => newestIn(`${ROOT}/${source}`) < built)) return;
  execFileSync(process.execPath, ['build.mjs'], { cwd: ROOT, stdio: 'inherit' });
}

// For tests that need nothing else before them, as a globalSetup of vitest.
export { ensureBuild as setup };

/** When this file, or something in this folder, was changed last. A folder changes when a file in it is removed. */
function newestIn(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((entry) => newestIn(`${path}/${entry}`)));
}
