import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';

describeOnServers('status of single processes', oneServerKind, ({ open }) => {
  it('says all that is known of them, and what an alarm would do, and runs nothing', async () => {
    const { database, fleet, watchCalmly, run, exists, path } = await open('alpha', 'beta', 'gamma');
    const daemon = await watchCalmly({
      monitor: { max_restart_failures: 1, max_restarts: 10 },
      'process.default': { max_attempts: 1 },
      'process.gamma': {
        restart_strategy: 'custom',
        restart_command: `touch ${path('gamma')}; mailer --password hush-7`,
        health_check_command: `touch ${path('gamma-health')}`,
      },
    });
    await fleet.breakRestart('beta');
    await database.raise(2);
    await daemon.waitForLine(/beta: circuit breaker opened/);
    await run('pause', 'gamma', '--reason', 'new disks');
    await run('restart', 'alpha');

    const { code, stdout, stderr } = await run('status', 'beta', '3', 'ALPHA');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [beta = '', gamma = '', alpha = ''] = stdout.split('\n\n');
    expect(beta).toMatch(/^beta \(process_id 2\)\n {2}alarm +raised for [\d.]+ m?s\n/);
    expect(beta).toMatch(
      /breaker +open; 1 failed cycle in a row; tried again at .*; monitor_service reset beta closes it\n/,
    );
    expect(beta).toMatch(
      /last cycle +\d{4}-.* failed, after .*, 1 attempt, trigger binlog: restart: .*exit code 3/,
    );
    expect(beta).toMatch(/notes +FAILED /);
    expect(beta).toMatch(/restart +strategy custom: /);
    expect(gamma).toMatch(
      /^gamma \(process_id 3\)\n {2}alarm +not raised\n {2}pause +paused by alice: new disks\n/,
    );
    expect(gamma).toMatch(/last cycle +none in the history\n/);
    expect(gamma).toContain(`touch ${path('gamma')}`);
    expect(gamma).toContain('check --dry-run gamma');
    expect(gamma).not.toContain('hush-7');
    expect(alpha).toMatch(/^alpha .*\n {2}alarm +not raised\n {2}pause +none\n {2}breaker +closed/);
    expect(alpha).toMatch(/restarts +0 of 10 used within restart_window\n/);
    expect(alpha).toMatch(/last cycle +\d{4}-.* restarted, after .*, trigger manual by alice\n/);
    expect([await exists('gamma'), await exists('gamma-health')]).toEqual([false, false]);

    const json = JSON.parse((await run('status', 'beta', 'gamma', '--json')).stdout);
    expect(json).toMatchObject({
      isRunning: true,
      processes: [
        {
          processId: 2,
          processName: 'beta',
          alarm: { isRaised: true },
          breaker: { state: 'open', failures: 1 },
          restarts: { count: 1, allowed: 10 },
          lastCycle: { verdict: 'failed' },
          onAlarm: { answered: false },
        },
        { processName: 'gamma', alarm: { isRaised: false }, pause: { by: 'alice' }, notes: null },
      ],
    });
    const revoked = ` SELECT ON PROCESE FROM ${database.account}`;
    await database.query(`REVOKE${revoked}`);
    const unread = await run('status', 'beta');
    expect(unread.code).toBe(0);
    expect(unread.stdout).toMatch(/breaker +open; .*\n.*\n {2}last cycle +.* failed/);
    await database.query(`GRANT${revoked.replace('FROM', 'TO')}`);
    await daemon.stop();

    const offline = await run('status', 'beta');
    expect(offline.code).toBe(3);
    expect(offline.stdout).toMatch(/^monitor_service is not running: /);
    expect(offline.stdout).toMatch(/breaker +open; /);
    expect(offline.stdout).toMatch(/last cycle +\d{4}-.* failed/);
  });

  it('knows the breaker of a process behind the first thousand', async () => {
    const { database, watch, run, path } = await open('alpha');
    const others = Array.from({ length: 1099 }, (_, index) => [index + 2, `p${index + 2}`]);
    await database.query('INSERT INTO PROCESE (process_id, process_name) VALUES ?', [others]);
    const openedAt = Date.now();
    const breaker = { state: 'open', generation: 1, failures: 3, openings: 1, openedAt };
    const circuits = Object.fromEntries(Array.from({ length: 1100 }, (_, index) => [index + 1, breaker]));
    await writeFile(path('state.json'), JSON.stringify({ version: 1, circuits }), { mode: 0o600 });
    await watch();
    const { code, stdout } = await run('status', 'p1100', '3');
    expect(code).toBe(0);
    const [last, third] = stdout.split('\n\n');
    expect(last).toMatch(/^p1100 \(process_id 1100\)/);
    expect(last).toMatch(/breaker +open; 3 failed cycles in a row/);
    expect(third).toMatch(/breaker +open; 3 failed cycles in a row/);
  });

  it('says of an unknown name which one was meant, and what to do when the tables cannot be read', async () => {
    const { database, writeConfig, run } = await open('alpha');
    await writeConfig();
    expect(await run('status', 'alhpa', 'alpha')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        '"alhpa": no such process, did you mean "alpha"?\n→ monitor_service alarm list shows all processes\n',
    });
    await database.query(`REVOKE SELECT ON PROCESE FROM ${database.account}`);
    const { code, stderr } = await run('status', 'alpha');
    expect(code).toBe(69);
    expect(stderr).toMatch(/may not SELECT from it\n→ .*grants\.sql/);
    expect((await run('status', 'alpha', '--watch')).code).toBe(64);
  });
});
