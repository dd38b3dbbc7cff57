import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CELLS } from '../../matrix/cells.js';
import { fillPage } from '../../matrix/fill-page.js';
import { readResults } from '../../matrix/results-file.js';
import { SERVER_TESTS } from '../../matrix/server-cells.js';

const ROOT = join(import.meta.dirname, '../../..');
const page = readFileSync(join(ROOT, 'docs/compatibility.md'), 'utf8');

describe('docs/compatibility.md', () => {
  it('is what test/matrix/results.json makes of it: npm run test:matrix -- --report', async () => {
    expect(page).toBe(fillPage(page, await readResults()));
  });

  it('has results of cells that there are, each once', async () => {
    const names = (await readResults()).cells.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const order = CELLS.map(({ name }) => name);
    expect(names).toEqual(order.filter((name) => names.includes(name)));
  });
});

describe('the tests of a server', () => {
  it.each(SERVER_TESTS)('%s is there', (file) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
  });

  it('are all that R1 to R12 name as their proof on a server', () => {
    const rules = readFileSync(join(ROOT, 'docs/requirements.md'), 'utf8');
    const [, proofs = ''] = /^### R1$([\s\S]*?)^### R13$/m.exec(rules) ?? [];
    const named = [...proofs.matchAll(/`(integration\/(?!state\/)[\w/.-]+)`/g)].map(
      ([, path]) => `test/${path}.test.ts`,
    );
    expect(named.length).toBeGreaterThan(15);
    for (const file of named) expect(SERVER_TESTS).toContain(file);
  });
});
