import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const dist = new URL('../../../dist/', import.meta.url);

it('no command waits for the database client before it wants it: what the program begins with does not import it', () => {
  const loaded = importedFrom('./main.js');
  expect(loaded.size).toBeGreaterThan(1);
  expect([...loaded].filter((name) => /^(mysql2|@vlasky\/zongji)\b/.test(name))).toEqual([]);
  // That it is told where it is imported.
  const [service = ''] = /\.\/run-service-\w+\.js/.exec(read('./main.js')) ?? [];
  expect(importedFrom(service)).toContain('mysql2');
});

/** The file, the files that it imports, and so on, with the packages that stay outside the bundle. */
function importedFrom(first: string): ReadonlySet<string> {
  const found = new Set([first]);
  for (const file of found) {
    if (!file.startsWith('./')) continue;
    for (const [, name = ''] of read(file).matchAll(/\b(?:from|import) ?"([^"]+)"/g)) found.add(name);
  }
  return found;
}

function read(file: string): string {
  return readFileSync(new URL(file, dist), 'utf8');
}
