import { describe, expect, it } from 'vitest';
import { load, refusal, writeTemp } from './temp-config.js';

const USER = '[database]\nuser = monitor_service\n';

describe('R35: keys that name other processes', () => {
  it('are lists of NAMEs, each once, also of sections that come later', () => {
    const { processes } = load(
      `${USER}[process.web]\nafter = db, cache ,db\nrequires =\n[process.db]\n[process.cache]\n`,
    );
    expect(processes.byName.get('web')).toMatchObject({ after: ['db', 'cache'] });
    expect(processes.byName.get('web')).not.toHaveProperty('requires');
  });

  it.each([
    [
      'a name without a section',
      '[process.web]\nafter = db, cach\n[process.db]\n[process.cache]',
      4,
      'process.web.after: "cach" has no section of its own, did you mean "cache"?',
    ],
    [
      'no process at all',
      '[process.web]\nrequires = x',
      4,
      'process.web.requires: "x" has no section of its own, allowed: NAMEs of [process.NAME] sections',
    ],
    [
      'the defaults',
      '[process.web]\nafter = default\n[process.default]',
      4,
      'process.web.after: "default" has no section of its own',
    ],
    [
      'in the defaults',
      '[process.default]\nafter = db\n[process.db]',
      4,
      'process.default.after: would concern every process, itself included, allowed: in [process.NAME] only',
    ],
    ['itself', '[process.web]\nafter = web', 4, 'process.web.after: is a circle, web → web'],
    [
      'a circle of two keys',
      '[process.web]\nafter = db\n[process.db]\nrequires = web',
      4,
      'process.web.after: is a circle, web → db → web: each would wait for the next',
    ],
    [
      'a circle behind an order',
      '[process.app]\nafter = web\n[process.web]\nafter = db\n[process.db]\nafter = cache\n[process.cache]\nafter = x, web\n[process.x]',
      6,
      'process.web.after: is a circle, web → db → cache → web',
    ],
  ])('%s is a fault with its line', (_, text, line, fault) => {
    expect(refusal(writeTemp(`${USER}${text}\n`))).toContain(`:${line}: ${fault}`);
  });

  it('names each circle once', () => {
    const text = '[process.a]\nafter = b\n[process.b]\nafter = a\n[process.c]\nafter = c, a\n';
    expect(refusal(writeTemp(USER + text)).split('\n')).toHaveLength(2);
  });

  it('lets two wait for one, and one for two', () => {
    const text =
      '[process.a]\nafter = b, c\n[process.b]\nafter = d\n[process.c]\nrequires = d\n[process.d]\n';
    expect(load(USER + text).processes.byName.size).toBe(4);
  });
});
