import { describe, expect, it } from 'vitest';
import { checkExports } from '../support/layers/check-exports.js';
import { checkLayers } from '../support/layers/check-layers.js';
import { checkRooms } from '../support/layers/check-rooms.js';
import { parseSourceFile } from '../support/layers/source-files.js';

const importing = (path: string, ...targets: string[]) =>
  parseSourceFile(path, targets.map((target) => `import { x } from '${target}';\n`).join(''));

describe('the check of the layers', () => {
  it.each([
    ['an import upward', 'src/domain/a.ts', '../db/b.js', 'domain must not import db (../db/b.js)'],
    ['a package in the domain', 'src/domain/a.ts', 'rxjs', 'domain must not import rxjs'],
    ['Node.js in an operator', 'src/operators/a.ts', 'node:fs', 'operators must not import node:fs'],
    [
      'the configuration as a value',
      'src/db/tables/a.ts',
      '../../config/config.js',
      'db may import types from config only (../../config/config.js)',
    ],
    [
      'the service in the page',
      'web/live/a.ts',
      '../../src/db/b.js',
      'page must not import db (../../src/db/b.js)',
    ],
    ['Node.js in the page', 'web/live/a.ts', 'node:fs', 'page must not import node:fs'],
    [
      'what the service does in the page',
      'web/live/a.ts',
      '../../src/control/b.js',
      'the page may import types from control only (../../src/control/b.js)',
    ],
  ])('finds %s', (_, path, target, fault) => {
    expect(checkLayers(importing(path, target))).toEqual([`${path}: ${fault}`]);
  });

  it('finds a clock where there must be none', () => {
    expect(checkLayers(parseSourceFile('src/streams/a.ts', 'Date.now()'))).toHaveLength(1);
    expect(checkLayers(parseSourceFile('src/state/a.ts', 'Date.now()'))).toEqual([]);
    expect(checkLayers(parseSourceFile('web/model/a.ts', 'Date.now()'))).toHaveLength(1);
    expect(checkLayers(parseSourceFile('web/live/a.ts', 'Date.now()'))).toEqual([]);
  });

  it('takes what points down', () => {
    expect(
      checkLayers(importing('src/cli/run/run-service.ts', '../../service.js', '../../domain/a.js', 'ini')),
    ).toEqual([]);
  });
});

describe('the check of the rooms', () => {
  it('finds a circle of folders, also over a third one and from deep within', () => {
    const files = [
      importing('src/cli/a/a.ts', '../b/deep/b.js'),
      importing('src/cli/b/deep/b.ts', '../../c/c.js'),
      importing('src/cli/c/c.ts', '../a/a.js'),
    ];
    expect(checkRooms(files)).toEqual(['src/cli: the folders a → b → c → a import each other']);
    expect(checkRooms(files.slice(1))).toEqual([]);
  });

  it('lets a folder and those in it import each other', () => {
    expect(
      checkRooms([importing('src/cli/a.ts', './b/b.js'), importing('src/cli/b/b.ts', '../a.js', '../c.js')]),
    ).toEqual([]);
  });

  it.each([
    ['src/restart/processes/a.ts', '../commands/b.js', 'processes must not import commands'],
    ['src/restart/systemd/bus/a.ts', '../../strategies/b.js', 'systemd must not import strategies'],
    ['src/db/connection/a.ts', '../tables/b.js', 'connection must not import tables'],
    ['web/parts/a.ts', '../views/b.js', 'parts must not import views'],
  ])('finds an arrow that points up: %s', (path, target, fault) => {
    expect(checkRooms([importing(path, target)])).toEqual([`${path}: ${fault}`]);
  });

  it('finds a room that has no place in the order', () => {
    expect(checkRooms([importing('src/db/other/a.ts', '../tables/b.js')])).toEqual([
      'src/db/other is no known room',
    ]);
  });

  it('finds folders and files that are too large', () => {
    const files = Array.from({ length: 26 }, (_, index) => parseSourceFile(`src/db/${index}.ts`, ''));
    expect(checkRooms(files)).toEqual(['src/db: 26 files, allowed: 25; it is two subjects']);
    expect(checkRooms(files.slice(1))).toEqual([]);
    expect(checkRooms([parseSourceFile('src/a.ts', '\n'.repeat(251))])).toEqual([
      'src/a.ts: 251 lines, allowed: 250',
    ]);
    expect(checkRooms([parseSourceFile('src/a.ts', '\n'.repeat(250))])).toEqual([]);
  });
});

describe('the check of what is exported', () => {
  const file = parseSourceFile(
    'src/a.ts',
    'export const TAKEN = 1;\nexport interface Left {}\nexport async function* run() {}\nexport type Part = 1;\n',
  );

  it('finds a name that no other file takes, also where another file has one of the same name', () => {
    const users = [
      parseSourceFile('test/a.test.ts', "import { TAKEN } from '../src/a.js';\n"),
      parseSourceFile('test/b.test.ts', "const { run } = await import('../src/a.js');\n"),
      parseSourceFile('test/c.test.ts', 'interface Left {}\nconst Parts = 1;\n'),
    ];
    expect(checkExports([file], users)).toEqual([
      'src/a.ts: Left is exported, and no other file uses it',
      'src/a.ts: Part is exported, and no other file uses it',
    ]);
  });
});
