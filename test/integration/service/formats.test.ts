import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import type { Daemon } from '../../support/daemon.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { openScene, type Scene } from '../../support/service/scene.js';
import { serversAndFormats } from '../../support/service/server-kinds.js';

const HOSTILE = 'x; reboot';
const NAMES = ['plain', 'twice', 'bystander', 'noted', 'during', 'dropped', 'replaced', HOSTILE] as const;
type Name = (typeof NAMES)[number];
const FAILED = ['seen', 'attempt failed', 'cycle failed'] as const;
const WELL = ['seen', 'restarted', 'cleared'] as const;

/** What happens to a process is the same, whatever the binlog shows of the statements. No poll comes meanwhile. */
describe.each(serversAndFormats())('R2, R4, R7: the same story in every format, $name', ({ options }) => {
  let server: PrivateServer;
  let scene: Scene;
  let daemon: Daemon;

  beforeAll(async () => {
    server = await startPrivateServer(options);
    scene = await openScene(server, { processes: NAMES });
    daemon = await scene.watchCalmly({
      monitor: { max_restart_failures: 10, max_restarts: 0 },
      'process.default': { max_attempts: 1, restart_delay: 0 },
      'process.dropped': { max_attempts: 2 },
    });
  });
  afterAll(async () => {
    await scene?.close();
    await server?.stop();
  });

  it('raised once', async () => {
    await scene.database.raise('plain');
    await expectStory('plain', [...WELL]);
  });

  it('a failed one is lowered and raised by two statements: answered at once', async () => {
    await failOnce('twice');
    await set('twice', 0);
    await set('twice', 1);
    await expectStory('twice', [...FAILED, ...WELL]);
  });

  it('a failed one waits for check_interval, whatever happens to others', async () => {
    await failOnce('bystander');
    await set('plain', 1);
    await set('plain', 0);
    await expectStory('bystander', [...FAILED]);
  });

  it('a failed one waits for check_interval where only its notes are changed, or it is raised over its raise', async () => {
    await failOnce('noted');
    await scene.database.query("UPDATE STATUS_PROCESS SET notes = 'alarma = 0' WHERE process_id = ?", [
      idOf('noted'),
    ]);
    await set('noted', 1);
    await expectStory('noted', [...FAILED]);
  });

  it('lowered and raised while its restart runs, which fails: a health check decides', async () => {
    await scene.fleet.breakRestart('during');
    await scene.raiseAndHold('during');
    await set('during', 0);
    await set('during', 1);
    await untilSeen();
    await scene.fleet.release('during');
    await expectStory('during', [...FAILED, 'seen', 'cleared']);
  });

  it('lowered while its restart runs, which fails: no second attempt', async () => {
    await scene.fleet.breakRestart('dropped');
    await scene.raiseAndHold('dropped');
    await set('dropped', 0);
    await untilSeen();
    await scene.fleet.release('dropped');
    await expectStory('dropped', ['seen', 'attempt failed', 'withdrawn']);
  });

  it('a failed one whose row is replaced by one in alarm waits: it stays in alarm', async () => {
    await failOnce('replaced');
    await scene.database.query(
      "REPLACE INTO STATUS_PROCESS (process_id, alarma, notes) VALUES (?, 1, 'again')",
      [idOf('replaced')],
    );
    await expectStory('replaced', [...FAILED]);
  });

  it('a refused one is refused anew', async () => {
    await set(HOSTILE, 1);
    await daemon.waitForLine(/ refused, nothing is restarted/);
    const from = daemon.lines().length;
    await set(HOSTILE, 0);
    await set(HOSTILE, 1);
    await daemon.waitForLine(/ refused, nothing is restarted/, { from });
  });

  const idOf = (name: Name): number => NAMES.indexOf(name) + 1;
  const set = (name: Name, alarma: 0 | 1): Promise<unknown> =>
    scene.database.query('UPDATE STATUS_PROCESS SET alarma = ? WHERE process_id = ?', [alarma, idOf(name)]);

  async function failOnce(name: Name): Promise<void> {
    await scene.fleet.breakRestart(name);
    await set(name, 1);
    await daemon.waitForLine(new RegExp(` ${name}: note written`));
    await scene.fleet.repair(name);
  }

  /** Waits for the last of these events, then for another process to be answered, so that what came after is seen too. */
  async function expectStory(name: Name, story: readonly string[]): Promise<void> {
    onTestFailed(() => void process.stderr.write(`\n${daemon.lines().slice(-80).join('\n')}\n`));
    await until(() => storyOf(name).length >= story.length);
    await untilSeen();
    expect(storyOf(name).slice(0, name === 'plain' ? story.length : undefined)).toEqual(story);
  }

  /** The daemon has seen all that was committed before: another process is answered. */
  async function untilSeen(): Promise<void> {
    const from = daemon.lines().length;
    await set('plain', 1);
    await daemon.waitForLine(/ plain: alarm cleared/, { from });
  }

  async function until(isTrue: () => boolean): Promise<void> {
    for (let from = 0; !isTrue(); ) from = (await daemon.waitForLine(/./, { from })).index + 1;
  }

  function storyOf(name: Name): string[] {
    const lines = daemon.lines().filter((line) => line.includes(` ${name}: `));
    return lines.flatMap((line) => WORDS.find(([pattern]) => pattern.test(line))?.[1] ?? []);
  }
});

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/: alarm seen/, 'seen'],
  [/: alarm was withdrawn/, 'withdrawn'],
  [/: attempt \d+\/\d+ failed/, 'attempt failed'],
  [/: not restarted: \d+ attempts? failed/, 'cycle failed'],
  [/: restarted by/, 'restarted'],
  [/: alarm cleared/, 'cleared'],
];
