import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const DOCUMENT = 'docs/requirements.md';
const THIS_FILE = 'test/unit/requirements.test.ts';
const RULE = /\bR\d+\b/g;

const read = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter((file) => file.endsWith(ending) && file !== THIS_FILE);
const rulesIn = (text: string): Set<string> => new Set(text.match(RULE));

interface Rule {
  readonly name: string;
  readonly isBuilt: boolean;
  /** Paths below `test/`, without `.test.ts`. */
  readonly proofs: readonly string[];
}

const rules = read(DOCUMENT)
  .split(/^### /m)
  .slice(1)
  .map((section): Rule => {
    const [, proofs = ''] = /^Proved by ([\s\S]*?)\n(?:\n|$)/m.exec(section) ?? [];
    return {
      name: /^R\d+$/m.exec(section)?.[0] ?? section,
      isBuilt: !section.includes('\n*Not built yet.*\n'),
      proofs: [...proofs.matchAll(/`([^`]+)`/g)].map(([, proof = '']) => proof),
    };
  });
const named = new Map(
  filesIn('test', '.test.ts').map((file) => [file, rulesIn(withoutComments(read(file)))]),
);

describe(DOCUMENT, () => {
  it('defines each rule once', () => {
    const names = rules.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(30);
    expect(names.toSorted(byNumber)).toEqual(names.map((_, index) => `R${index + 1}`));
  });

  it('defines every rule that is cited', () => {
    const citing = [
      ...['src', 'test', 'bench', 'demo'].flatMap((folder) => filesIn(folder, '.ts')),
      ...filesIn('docs', '.md'),
    ];
    const cited = citing.flatMap((file) => [...rulesIn(read(file))].map((rule) => ({ rule, file })));
    expect(cited.length).toBeGreaterThan(300);
    const defined = new Set(rules.map(({ name }) => name));
    expect(cited.filter(({ rule }) => !defined.has(rule))).toEqual([]);
  });

  it.each(rules.filter(({ isBuilt }) => isBuilt))(
    '$name is named by tests, by those listed under it among others',
    ({ name, proofs }) => {
      expect(proofs, 'the tests after "Proved by"').not.toEqual([]);
      for (const proof of proofs) {
        const file = `test/${proof}.test.ts`;
        expect([...(named.get(file) ?? ['no such file'])], file).toContain(name);
      }
    },
  );

  // With the first test that names it "Not built yet" goes, and what proves it is listed.
  it.each(rules.filter(({ isBuilt }) => !isBuilt))(
    '$name is not built yet, and no test names it',
    ({ name }) => {
      expect([...named].filter(([, names]) => names.has(name)).map(([file]) => file)).toEqual([]);
    },
  );
});

/** A comment proves nothing. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}
