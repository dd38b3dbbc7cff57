import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const FOREVER = 'ExecStart=/bin/sleep infinity';
/** Its start goes on until there is a file of its name. */
const GATED = `[Service]\nExecStartPre=/bin/sh -c 'until test -e /run/%p.go; do sleep 0.05; done'\n${FOREVER}\n`;
const GATES = [
  'dbus',
  'reexec',
  'reload',
  'stopped',
  'removed',
  'deadline',
  'forged',
  'away',
  'alone',
] as const;

/** systemd expands some of these words if nobody prevents it. */
const WORDS = ['a $HOME b', '$HOME', `$\{HOME}`, `x$\{HOME}y`, '$$', '$', '%n', '%%', '\\', '"', ''];
/** Writes its words to the file that is the first of them. */
const WRITE_WORDS = `printf '<%s>' "$@" >"$0.new"; mv "$0.new" "$0"; exec sleep infinity`;

const UNITS: Record<string, string> = {
  'plain.service': `[Service]\n${FOREVER}\n[Install]\nAlias=other-name.service\n`,
  'failing.service': '[Service]\nType=notify\nExecStart=/bin/false\n',
  'needy.service': `[Unit]\nRequires=failing.service\nAfter=failing.service\n[Service]\n${FOREVER}\n`,
  'short.service': '[Service]\nExecStart=/bin/sleep 2\n',
  'many@.service': `[Service]\n${FOREVER}\n`,
  ...Object.fromEntries(GATES.map((name) => [`gate-${name}.service`, GATED])),
};

interface Told {
  readonly results: readonly unknown[];
  /** Each time that the way to systemd changed; it begins with the bus. */
  readonly ways: readonly string[];
}

describe('the client of systemd on a booted host', () => {
  let host: Host;

  beforeAll(async () => {
    host = await bootHost();
    await writeUnits(host, UNITS);
    await host.run('systemctl', 'enable', 'plain');
  });
  afterAll(() => host?.stop());

  async function probe(...words: readonly string[]): Promise<Told> {
    const script = 'cd /src && exec node --import tsx test/support/acceptance/systemd-probe.ts "$@"';
    return JSON.parse(await host.run('/bin/sh', '-c', script, 'sh', ...words));
  }

  /** Begins the restart of a gated unit, and when systemd works on it does something else. */
  async function amidRestart(name: (typeof GATES)[number], meanwhile: () => Promise<unknown>): Promise<Told> {
    const probing = probe('restart', `gate-${name}.service`);
    await untilJob(`gate-${name}.service`);
    await meanwhile();
    return probing;
  }
  const untilJob = (unit: string) =>
    waitFor(`a job of ${unit}`, async () =>
      /^Job=\d/.test(await host.run('systemctl', 'show', '-p', 'Job', '--', unit)),
    );
  const untilFile = (path: string) =>
    waitFor(`the file ${path}`, async () => (await host.exec(['test', '-e', path])).exitCode === 0);
  const open = (name: (typeof GATES)[number]) => host.run('touch', `/run/gate-${name}.go`);
  const untilBus = () =>
    waitFor(
      'systemd on the bus',
      async () => (await host.exec(['busctl', 'status', 'org.freedesktop.systemd1'])).exitCode === 0,
    );

  it('R17: tells the state of a unit by any of its names, and of one that is not there', async () => {
    await host.run('systemctl', 'start', 'plain');
    const run = await showUnit(host, 'plain.service');
    const properties = [
      'id',
      'names',
      'loadState',
      'activeState',
      'type',
      'invocationId',
      'mainPid',
      'nRestarts',
    ];
    const told = await probe(
      'show',
      'other-name.service',
      ...properties,
      'then',
      'show',
      'nowhere.service',
      'loadState',
      'mainPid',
    );
    expect(told.results).toEqual([
      {
        id: 'plain.service',
        names: expect.arrayContaining(['plain.service', 'other-name.service']),
        loadState: 'loaded',
        activeState: 'active',
        type: 'simple',
        invocationId: run.invocationId,
        mainPid: run.mainPid,
        nRestarts: 0,
      },
      { loadState: 'not-found', mainPid: 0 },
    ]);
    expect(told.ways).toEqual([]);
  });

  it('R17: tells the result of a job', async () => {
    const told = await probe(
      ...[
        'restart',
        'plain.service',
        'then',
        'restart',
        'failing.service',
        'then',
        'restart',
        'needy.service',
      ],
      ...['then', 'restart', 'nowhere.service', 'then', 'stop', 'plain.service'],
    );
    expect(told.results).toEqual([
      { outcome: 'done' },
      { outcome: 'failed', result: 'failed', reason: expect.any(String) },
      { outcome: 'failed', result: 'dependency', reason: expect.any(String) },
      { outcome: 'refused', error: expect.objectContaining({ retryable: false }) },
      { outcome: 'done' },
    ]);
    expect(told.ways).toEqual([]);
  });

  it('R17: a job goes on while the bus is restarted', async () => {
    const told = await amidRestart('dbus', async () => {
      await host.run('systemctl', 'restart', 'dbus');
      await untilBus();
      await open('dbus');
    });
    expect(told.results).toEqual([{ outcome: expect.stringMatching(/^(done|untold)$/) }]);
  });

  it('R17: a job goes on while systemd executes itself anew', async () => {
    const told = await amidRestart('reexec', async () => {
      await host.run('systemctl', 'daemon-reexec');
      await open('reexec');
    });
    expect(told.results).toEqual([{ outcome: expect.stringMatching(/^(done|untold)$/) }]);
  });

  it('R17: a job goes on while systemd reads its units anew', async () => {
    const told = await amidRestart('reload', async () => {
      await host.run('systemctl', 'daemon-reload');
      await open('reload');
    });
    expect(told).toEqual({ results: [{ outcome: 'done' }], ways: [] });
  });

  it('R17: a job that an administrator cancels has failed, and the reason says so', async () => {
    const told = await amidRestart('stopped', () => host.run('systemctl', 'stop', 'gate-stopped.service'));
    expect(told.results).toEqual([
      { outcome: 'failed', result: 'canceled', reason: expect.stringMatching(/systemctl stop/) },
    ]);
  });

  it('R17: a unit that is removed during its restart is waited for all the same', async () => {
    const told = await amidRestart('removed', async () => {
      await host.run('rm', '/etc/systemd/system/gate-removed.service');
      await host.run('systemctl', 'daemon-reload');
      await open('removed');
    });
    expect(told.results).toEqual([
      expect.objectContaining({ outcome: expect.stringMatching(/^(done|failed|untold)$/) }),
    ]);
  });

  it('R16, R17: a job that has no end before the deadline is left to systemd', async () => {
    const told = await probe('restart', 'gate-deadline.service', '0.5');
    expect(told.results).toEqual([{ outcome: 'unfinished', reason: 'no end within 0.5 s' }]);
    await untilJob('gate-deadline.service');
    await host.run('systemctl', 'stop', 'gate-deadline.service');
  });

  it('R14: a signal that another user sends in the name of systemd is not heard', async () => {
    const told = await amidRestart('forged', async () => {
      const job = (await host.run('systemctl', 'show', '-p', 'Job', '--', 'gate-forged.service'))
        .trim()
        .split('=')[1];
      // To every connection of the bus: which is ours is not known.
      await host.sh(`
        busctl list --unique --no-legend | while read -r name rest; do
          setpriv --reuid=nobody --clear-groups -- dbus-send --system --type=signal --dest="$name" /org/freedesktop/systemd1 \\
            org.freedesktop.systemd1.Manager.JobRemoved uint32:${job} \\
            objpath:/org/freedesktop/systemd1/job/${job} string:gate-forged.service string:failed
        done`);
      await open('forged');
    });
    expect(told.results).toEqual([{ outcome: 'done' }]);
  });

  it.each([
    ['SELinux', 'system_u:system_r:httpd_t:s0'],
    ['AppArmor', 'usr.sbin.mailer (enforce)'],
  ])(
    'R28: systemd takes every setting of a unit of ours over the bus, with a label of %s',
    async (name, label) => {
      const unit = `all-settings-${name.toLowerCase()}.service`;
      expect(await probe('allSettings', unit, label)).toEqual({
        results: [{ outcome: 'done' }],
        ways: [],
      });
      const told = await host.run('systemctl', 'show', '--', unit);
      for (const line of [
        'Nice=3',
        'OOMScoreAdjust=100',
        'LimitNOFILE=1024',
        'LimitNOFILESoft=512',
        'UMask=0027',
      ])
        expect(told.split('\n')).toContain(line);
      await host.run('systemctl', 'stop', unit);
    },
  );

  it('R28: a program of a transient unit gets its words as they are', async () => {
    await probe('transient', 'words.service', '/bin/sh', '-c', WRITE_WORDS, '/run/words', ...WORDS);
    await expectWords('/run/words');
    await probe('called', 'called.service', 'a $HOME', '/bin/sleep', 'infinity');
    const { mainPid } = await showUnit(host, 'called.service');
    expect(await host.read(`/proc/${mainPid}/cmdline`)).toBe('a $HOME\0infinity\0');
    await probe('called', 'dollar.service', '$HOME', '/bin/sleep', 'infinity');
    const { mainPid: dollar } = await showUnit(host, 'dollar.service');
    expect(await host.read(`/proc/${dollar}/cmdline`)).toBe('$HOME\0infinity\0');
  });
  const expectWords = async (file: string): Promise<void> => {
    await waitFor('the words', async () => (await host.exec(['test', '-e', file])).exitCode === 0);
    expect(await host.read(file)).toBe(WORDS.map((word) => `<${word}>`).join(''));
  };

  it('R17: without the bus systemctl does the same, and the bus is taken again when it is back', async () => {
    await host.run('systemctl', 'stop', 'dbus.socket', 'dbus.service');
    const properties = [
      'id',
      'names',
      'loadState',
      'invocationId',
      'conditionResult',
      'activeEnterTimestamp',
    ];
    const probing = probe(
      ...['restart', 'plain.service', 'then', 'show', 'other-name.service', ...properties, 'then'],
      ...['show', 'nowhere.service', 'loadState', 'then', 'list', 'plain*', 'then'],
      ...['restart', 'failing.service', 'then', 'restart', 'dbus.service', 'then'],
      ...[
        'transient',
        'made-without-bus.service',
        '/bin/sh',
        '-c',
        WRITE_WORDS,
        '/run/words-without-bus',
        ...WORDS,
        'then',
      ],
      ...['meet', '/run/bus-back', 'then', 'restart', 'plain.service'],
    );
    await waitFor(
      'the client to have done its part',
      async () => (await host.exec(['test', '-e', '/run/bus-back.waits'])).exitCode === 0,
    );
    await untilBus();
    await host.run('touch', '/run/bus-back');
    const told = await probing;
    expect(told.results).toEqual([
      { outcome: 'done' },
      {
        id: 'plain.service',
        names: ['plain.service', 'other-name.service'],
        loadState: 'loaded',
        invocationId: expect.stringMatching(/^[0-9a-f]{32}$/),
        conditionResult: true,
        activeEnterTimestamp: expect.any(Number),
      },
      { loadState: 'not-found' },
      [{ id: 'plain.service', loadState: 'loaded', activeState: 'active', subState: 'running' }],
      { outcome: 'failed', result: 'failed', reason: expect.stringMatching(/^exit code 1/) },
      { outcome: 'done' },
      expect.objectContaining({ outcome: 'done', activeState: 'active' }),
      null,
      { outcome: 'done' },
    ]);
    expect(told.ways).toEqual([
      expect.stringMatching(/^systemctl: systemd cannot be reached over D-Bus/),
      'bus',
    ]);
    await expectWords('/run/words-without-bus');
  });

  it('R17: a bus that hangs is as good as none', async () => {
    const probing = probe(
      ...['show', 'plain.service', 'id', 'then', 'meet', '/run/bus-hangs', 'then'],
      ...[
        'show',
        'plain.service',
        'id',
        'then',
        'restart',
        'dbus.service',
        'then',
        'restart',
        'plain.service',
      ],
    );
    await untilFile('/run/bus-hangs.waits');
    const { mainPid } = await showUnit(host, await nameOfBus());
    await host.run('kill', '-STOP', String(mainPid));
    await host.run('touch', '/run/bus-hangs');
    const told = await probing;
    expect(told.results).toEqual([
      { id: 'plain.service' },
      null,
      { id: 'plain.service' },
      { outcome: 'done' },
      { outcome: 'done' },
    ]);
    expect(told.ways[0]).toMatch(/^systemctl: .*the bus does not answer$/);
    await untilBus();
  });
  /** dbus-broker has it as an alias. */
  const nameOfBus = async () =>
    (await host.run('systemctl', 'show', '--property=Id', '--value', 'dbus.service')).trim();

  it('R17: the bus itself is restarted over the bus', async () => {
    const before = await showUnit(host, await nameOfBus());
    const told = await probe('restart', await nameOfBus(), 'then', 'restart', 'plain.service');
    expect(told.results).toEqual([
      { outcome: expect.stringMatching(/^(done|untold)$/) },
      { outcome: 'done' },
    ]);
    expect((await showUnit(host, await nameOfBus())).invocationId).not.toBe(before.invocationId);
    await untilBus();
  });

  it('R17: a job whose bus goes away and stays away is followed by systemctl', async () => {
    const told = await amidRestart('away', async () => {
      await host.run('systemctl', 'stop', 'dbus.socket', 'dbus.service');
      await open('away');
    });
    await host.run('systemctl', 'start', 'dbus.socket', 'dbus.service');
    await untilBus();
    expect(told.results).toEqual([{ outcome: expect.stringMatching(/^(done|untold)$/) }]);
  });

  it('R17: without the bus a job goes on too while systemd executes itself anew', async () => {
    await host.run('systemctl', 'stop', 'dbus.socket', 'dbus.service');
    const told = await amidRestart('alone', async () => {
      await host.run('systemctl', 'daemon-reexec');
      await open('alone');
    });
    await host.run('systemctl', 'start', 'dbus.socket', 'dbus.service');
    await untilBus();
    expect(told.results).toEqual([{ outcome: 'untold' }]);
    expect((await showUnit(host, 'gate-alone.service')).activeState).toBe('active');
  });

  it('R8: 400 restarts at once are 400 answers', async () => {
    const told = await probe('restartMany', 'many@', '400', '400');
    expect(told).toEqual({ results: [{ done: 400 }], ways: [] });
  });

  it('R17: tells each change of a unit that is watched, also over a daemon-reload', async () => {
    const probing = probe(
      'watch',
      'short.service',
      'active/running',
      'then',
      'watch',
      'short.service',
      'inactive/dead',
    );
    await untilFile('/run/short.service.watched');
    await host.run('systemctl', 'daemon-reload');
    await host.run('systemctl', 'start', 'short.service');
    const { results } = await probing;
    expect(results[0]).toEqual(['inactive/dead', 'active/running']);
    expect(results[1]).toEqual(expect.arrayContaining(['inactive/dead']));
  });

  it('hears nothing of other units while nobody waits for one', async ({ skip }) => {
    const probing = probe('restart', 'plain.service', 'then', 'meet', '/run/idle');
    await waitFor(
      'the client to be idle',
      async () => (await host.exec(['test', '-e', '/run/idle.waits'])).exitCode === 0,
    );
    const readRules = () =>
      host.exec([
        ...['dbus-send', '--system', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'],
        'org.freedesktop.DBus.Debug.Stats.GetAllMatchRules',
      ]);
    // It goes on watching for a moment.
    const rules = await waitFor('no rule for a unit', async () => {
      const now = await readRules();
      return !/plain/.test(now.stdout) && now;
    });
    await host.run('touch', '/run/idle');
    await probing;
    // systemd-logind watches units as well, with rules that name no unit and no argument.
    skip(rules.exitCode !== 0, 'this bus does not tell its rules, as dbus-broker');
    expect(rules.stdout).toMatch(/arg0='org\.freedesktop\.systemd1'/);
  });
});
