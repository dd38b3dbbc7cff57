import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { isAlive } from '../../support/restart/proc.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import type { Scene, SceneOptions } from '../../support/service/scene.js';
import { oneServerKind } from '../../support/service/server-kinds.js';
import { startWebhookReceiver } from '../../support/telemetry/webhook-receiver.js';

/** What the command of a test writes down, a line an event. */
interface Told {
  readonly event: string;
  readonly process: string;
  readonly json: Readonly<Record<string, unknown>>;
}

const ONE_FAILURE = { max_restart_failures: 1, circuit_reset_time: 300 };

// The server has no part in it: one kind will do.
describeOnServers('notifications of the daemon', oneServerKind, ({ openWith }) => {
  const openScene = (processes: readonly string[], more: SceneOptions = {}): Promise<Scene> =>
    openWith({ processes, ...more });

  /** Appends `EVENT|PROCESS|JSON`, in one piece. */
  const recordIn = ({ path }: Scene): string =>
    `line="$MONITOR_EVENT|$MONITOR_PROCESS|$(cat)"; printf '%s\\n' "$line" >> ${path('told')}`;

  async function readTold({ path }: Scene): Promise<readonly Told[]> {
    const text = await readFile(path('told'), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [, event = '', process = '', json = ''] = /^([^|]*)\|([^|]*)\|(.*)$/.exec(line) ?? [];
        return { event, process, json: JSON.parse(json) };
      });
  }

  const told = (scene: Scene, count: number): Promise<readonly Told[]> =>
    waitFor(`${count} notifications`, async () => {
      const all = await readTold(scene);
      return all.length >= count && all;
    });

  it('test-notification goes by every channel, whatever events are named, and says what came of it', async () => {
    const scene = await openScene(['alpha']);
    const receiver = await startWebhookReceiver((response, count) => {
      response.statusCode = count === 1 ? 200 : 404;
      response.end();
    });
    const notify = { command: recordIn(scene), webhook: `${receiver.url}/hook-7`, events: 'opened' };
    const daemon = await scene.watchCalmly({ notify });
    const both = await scene.run('test-notification');
    expect(both).toMatchObject({ code: 0, stderr: '' });
    expect(both.stdout.trimEnd().split('\n').toSorted()).toEqual([
      expect.stringMatching(/^command: delivered in \d+ ms by the running service$/),
      expect.stringMatching(/^webhook: delivered in \d+ ms by the running service$/),
    ]);
    await daemon.waitForLine(/monitor_service: a test notification is requested by alice/);
    const text = expect.stringMatching(/monitor_service: a test by alice: /);
    expect(await told(scene, 1)).toMatchObject([
      { event: 'test', process: '', json: { event: 'test', by: 'alice', text } },
    ]);
    expect(JSON.parse(receiver.posts[0]?.body ?? '')).toMatchObject({ event: 'test' });

    await daemon.reload({ notify: { ...notify, command: 'cat >/dev/null; echo no relay >&2; exit 5' } });
    const neither = await scene.run('test-notification', '--json');
    expect(neither.code).toBe(1);
    const lines = neither.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.find(({ channel }) => channel === 'command')).toMatchObject({
      delivered: false,
      reason: expect.stringMatching(/exit code 5.*no relay/),
      sender: 'the running service',
    });
    expect(lines.find(({ channel }) => channel === 'webhook')).toMatchObject({
      delivered: false,
      reason: expect.stringMatching(/status 404; check webhook/),
    });
    expect(neither.stdout).not.toContain('hook-7');
    await daemon.stop();

    const here = await scene.run('test-notification');
    expect(here.code).toBe(1);
    expect(here.stdout).toMatch(
      /^command: not delivered by this command, for the service is not running, after \d+ ms: exit code 5/,
    );
    await scene.writeConfig();
    expect(await scene.run('test-notification')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^no channel is configured, .*; set command or webhook in \[notify\] of /,
      ),
    });
    await scene.writeConfig({ notify: { webhook: 'ftp://nowhere' } });
    expect(await scene.run('test-notification')).toMatchObject({ code: 78 });
  });

  it('R15: the command gets each event as JSON on stdin and in variables', async () => {
    const scene = await openScene(['alpha', 'broken']);
    const { database, fleet, watchCalmly } = scene;
    const daemon = await watchCalmly({
      monitor: ONE_FAILURE,
      'process.default': { restart_delay: 0 },
      notify: { command: recordIn(scene), events: 'failed, opened, restarted, started' },
    });
    await fleet.breakRestart('broken');
    await database.raise(2);
    await daemon.waitForLine(/broken: note written/);
    await database.raise(1);
    const all = await told(scene, 4);
    expect(all.map(({ event, process }) => [event, process])).toEqual([
      ['started', ''],
      ['failed', 'broken'],
      ['opened', 'broken'],
      ['restarted', 'alpha'],
    ]);
    expect(all[1]?.json).toMatchObject({
      event: 'failed',
      process: 'broken',
      process_id: 2,
      step: 'restart',
      reason: 'restart_command: exit code 3: no such queue',
      attempts: 2,
      text: expect.stringMatching(/: broken: not restarted: 2 attempts failed/),
    });
    expect(all[2]?.json).toMatchObject({ failures: 1, retry_at: expect.stringMatching(/^20.*Z$/) });
    expect(all[3]?.json).toMatchObject({ strategy: 'custom', attempts: 1 });
  });

  it('R14: a hostile name reaches no variable of the command, and is in the JSON', async () => {
    const name = "x'; touch owned; '$(id)";
    const scene = await openScene([name]);
    await scene.watchCalmly({ notify: { command: recordIn(scene) } });
    await scene.database.raise(1);
    const [first] = await told(scene, 1);
    expect(first).toMatchObject({ event: 'refused', process: '', json: { process: name, process_id: 1 } });
  });

  it('R13, R16: a command that hangs holds up no restart, and is killed at its deadline with its children', async () => {
    const scene = await openScene(['broken', 'alpha']);
    const { database, fleet, watchCalmly, path } = scene;
    const daemon = await watchCalmly({
      monitor: ONE_FAILURE,
      'process.default': { restart_delay: 0 },
      notify: {
        // The outer shell waits for the inner one, which ignores SIGTERM.
        command: `sh -c 'trap "" TERM; echo $$ >> ${path('pids')}; while [ -d ${path('')} ]; do sleep 0.1; done'; true`,
        events: 'failed',
        timeout: 1,
      },
    });
    await fleet.breakRestart('broken');
    await database.raise(1);
    const pid = await waitFor('the command', async () =>
      Number(await readFile(path('pids'), 'utf8').catch(() => '')),
    );
    await database.raise(2);
    await daemon.cleared('alpha');
    await daemon.waitForLine(
      /WARNING .*the notification "failed: broken" was not delivered by command: no answer within 1 s, killed$/,
    );
    expect(await isAlive(pid)).toBe(false);
  });

  it('R22: the end of the service does not wait for a command that hangs, and nothing of it survives', async () => {
    const scene = await openScene([]);
    const { launch, path } = scene;
    const daemon = await launch({
      notify: {
        command: `echo $$ >> ${path('pids')}; while [ -d ${path('')} ]; do sleep 0.1; done`,
        events: 'started, stopped',
        timeout: 3600,
      },
    });
    const pid = await waitFor('the command', async () =>
      Number(await readFile(path('pids'), 'utf8').catch(() => '')),
    );
    expect(await daemon.stop()).toEqual({ code: 0, signal: null });
    expect(await isAlive(pid)).toBe(false);
  });

  it('the last words are delivered', async () => {
    const { watch } = await openScene([]);
    // No process has to be started for it: there is time enough on a busy machine too.
    const receiver = await startWebhookReceiver();
    const daemon = await watch({ notify: { webhook: receiver.url, events: 'stopped' } });
    expect(await daemon.stop()).toEqual({ code: 0, signal: null });
    expect(receiver.posts.map(({ body }) => JSON.parse(body))).toMatchObject([{ event: 'stopped' }]);
  });

  it('the webhook gets the same JSON; R24: its address is in no line of the log', async () => {
    const scene = await openScene(['broken', 'alpha']);
    const { database, watchCalmly } = scene;
    const receiver = await startWebhookReceiver((response, count) =>
      response.writeHead(count === 1 ? 404 : 200).end(),
    );
    const daemon = await watchCalmly({
      monitor: ONE_FAILURE,
      'process.broken': { restart_command: `echo ${receiver.url}; exit 4`, max_attempts: 1 },
      notify: { webhook: receiver.url, events: 'failed, opened' },
    });
    await database.raise(1);
    await daemon.waitForLine(
      /WARNING .*the notification "failed: broken" was not delivered by webhook: the answer has status 404; check webhook/,
    );
    await daemon.waitForLine(/notifications by webhook are delivered again/);
    await database.raise(2);
    await daemon.cleared('alpha');
    expect(receiver.posts.map(({ body }) => JSON.parse(body))).toEqual([
      expect.objectContaining({ event: 'failed', process: 'broken' }),
      expect.objectContaining({ event: 'opened', process: 'broken' }),
    ]);
    const { notes } = await database.row(1);
    const everything = [...daemon.lines(), notes, ...receiver.posts.map(({ body }) => body)].join('\n');
    expect(everything).toContain('exit code 4');
    expect(everything).not.toContain('T0ken');
    expect(everything).not.toContain('K3y');
  });

  it('the table and the stream: when they go, and when they are back', async () => {
    const scene = await openScene(['alpha']);
    const { database, watch } = scene;
    await watch({ monitor: { check_interval: 0.5 }, notify: { command: recordIn(scene) } });
    await database.query('RENAME TABLE STATUS_PROCESS TO STATUS_PROCESS_AWAY');
    const events = async (count: number) => (await told(scene, count)).map(({ event }) => event);
    expect((await events(2)).toSorted()).toEqual(['database-lost', 'stream-lost']);
    await database.query('RENAME TABLE STATUS_PROCESS_AWAY TO STATUS_PROCESS');
    expect((await events(4)).slice(2).toSorted()).toEqual(['database-back', 'stream-back']);
  });

  it('events of many processes are one message that lists them, and the end of the service sends what is collected', async () => {
    const scene = await openScene(['alpha', 'beta', 'gamma']);
    const { database, fleet, watch } = scene;
    const receiver = await startWebhookReceiver();
    const notify = { webhook: receiver.url, events: 'failed, opened, stopped' };
    const daemon = await watch({ monitor: ONE_FAILURE, notify: { ...notify, group_within: 3600 } });
    const names = ['alpha', 'beta', 'gamma'] as const;
    for (const name of names) await fleet.breakRestart(name);
    for (const name of names) await database.raise(name);
    for (const name of names) await daemon.waitForLine(new RegExp(` ${name}: circuit breaker opened`));
    expect(await daemon.stop()).toEqual({ code: 0, signal: null });
    expect(receiver.posts).toHaveLength(1);
    const message = JSON.parse(receiver.posts[0]?.body ?? '') as Readonly<Record<string, unknown>> & {
      readonly events: readonly { readonly event: string; readonly process?: string }[];
    };
    expect(message).toMatchObject({
      event: 'several',
      count: 7,
      text: expect.stringMatching(/: 7 events: /),
    });
    const told = message.events.map(({ event, process }) => `${event} ${process}`);
    expect(told.at(-1)).toBe('stopped undefined');
    expect(told.slice(0, -1).toSorted()).toEqual(
      names.flatMap((name) => [`failed ${name}`, `opened ${name}`]).toSorted(),
    );
    for (const name of names)
      expect(told.indexOf(`failed ${name}`)).toBeLessThan(told.indexOf(`opened ${name}`));
  });

  it('R22: a reload changes what is told, and how', async () => {
    const scene = await openScene(['alpha', 'beta']);
    const { database, watchCalmly } = scene;
    const daemon = await watchCalmly();
    await database.raise(1);
    await daemon.cleared('alpha');
    await daemon.reload({ notify: { command: recordIn(scene), events: 'restarted' } });
    await database.raise(2);
    expect((await told(scene, 1)).map(({ process }) => process)).toEqual(['beta']);
  });
});
