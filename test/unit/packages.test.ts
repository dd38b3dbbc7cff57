import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');
const { dependencies, scripts } = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'scripts',
  Record<string, string>
>;
const { packages } = JSON.parse(read('package-lock.json')) as {
  packages: Record<string, { dev?: boolean; version?: string }>;
};

describe('packages', () => {
  it('what src and web import is in dependencies, where npm audit and scanners look, and nothing else is', () => {
    expect(Object.keys(dependencies).sort()).toEqual([...importedPackages()].sort());
  });

  it('what is bundled or installed beside the bundle comes with dependencies, not with devDependencies', () => {
    const bundled = bundledNames();
    const beside = read('dist/packages.txt').trim().split('\n');
    expect(bundled).toContain('rxjs');
    expect(bundled).toContain('uplot');
    expect(beside).toContain('node_modules/mysql2');
    for (const path of [...bundled.map((name) => `node_modules/${name}`), ...beside]) {
      expect(packages[path], path).toBeDefined();
      expect(packages[path]?.dev, path).toBeUndefined();
    }
  });

  it('the bill of materials lists what is bundled and what is installed beside the bundle, and nothing else', () => {
    const { components } = JSON.parse(read('dist/sbom.cdx.json')) as { components: { purl: string }[] };
    const beside = read('dist/packages.txt').trim().split('\n');
    const listed = new Set(components.map(({ purl }) => purl));
    const shipped = Object.keys(packages).filter(
      (path) =>
        bundledNames().some((name) => path === `node_modules/${name}`) ||
        beside.some((folder) => path === folder || path.startsWith(`${folder}/`)),
    );
    expect(listed).toEqual(new Set(shipped.map(purlOf)));
    expect(listed).toContain(purlOf('node_modules/@vlasky/zongji'));
  });

  it('few-dates.mjs has all of date-fns that the rotation of the log takes: what is missing would be undefined there', () => {
    const files = readdirSync(new URL('node_modules/pino-roll/lib/', root)).map((file) => `lib/${file}`);
    const taken = ['pino-roll.js', ...files].flatMap((file) =>
      [...read(`node_modules/pino-roll/${file}`).matchAll(/\{([^}]*)\} = require\('date-fns'\)/g)].flatMap(
        ([, names = '']) => names.split(',').map((name) => name.trim()),
      ),
    );
    const given = [...read('few-dates.mjs').matchAll(/export \{ (\w+) \}/g)].map(([, name]) => name);
    expect(taken).not.toEqual([]);
    expect(given.toSorted()).toEqual(taken.toSorted());
  });

  it('npm ci --omit=dev has nothing to run, so nothing that is missing then', () => {
    const ranByInstall = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(scripts).filter((name) => ranByInstall.includes(name))).toEqual([]);
    expect(Object.keys(scripts)).toContain('build');
  });
});

function bundledNames(): string[] {
  return [...read('dist/LICENSES.txt').matchAll(/(?:^|-{80}\n\n)(\S+)\n\n/g)].map(([, name = '']) => name);
}

function purlOf(path: string): string {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return `pkg:npm/${name.replace('@', '%40')}@${packages[path]?.version}`;
}

function importedPackages(): Set<string> {
  const names = ['src', 'web']
    .flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/${file}`,
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...read(file).matchAll(/(?:\bfrom|\bimport\(?)\s*'((?:@[\w-]+\/)?[\w-]+)[/']/g)])
    .map(([, name = '']) => name);
  return new Set(names);
}
