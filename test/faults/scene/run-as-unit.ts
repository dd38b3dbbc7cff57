import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { followFile } from '../../support/acceptance/follow-file.js';
import type { Host } from '../../support/acceptance/host.js';
import { copyFiles } from '../../support/acceptance/install-service.js';
import { showUnit } from '../../support/acceptance/unit-run.js';
import type { DaemonExit } from '../../support/daemon.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { type ConfigSections, mergeSections, writeConfigFile } from '../../support/service/config-file.js';
import { LineWatch } from '../../support/service/line-watch.js';
import type { DaemonRunner, LabDaemon } from './daemon-runner.js';
import { endUnits } from './end-units.js';

const SERVICE = 'monitor_service.service';
const CONFIG = '/opt/monitor_service/config.ini';
/** The unit is as installed, but for this: what it writes to stderr is not in the log file, and the log has our local time. */
const DROP_IN = [
  '[Service]',
  'StandardError=append:/shared/stderr',
  `Environment=TZ=${new Intl.DateTimeFormat().resolvedOptions().timeZone}`,
  '',
].join('\n');
/** One file, which is never rotated: it is followed. */
const LOGGING = { max_log_size: 1_000_000 };

/**
 * Installs the service on a booted host and runs it as its unit. `directory` is what the host shares as /shared: it holds
 * the log, the state and the history.
 */
export async function runAsUnit(
  host: Host,
  directory: string,
  onClose: (close: () => Promise<void>) => void,
): Promise<DaemonRunner> {
  await copyFiles(host);
  await host.write(`/etc/systemd/system/${SERVICE}.d/lab.conf`, DROP_IN);
  // As the documents say; besides, systemd forgets how a unit ended that nothing refers to.
  await host.run('systemctl', 'enable', SERVICE);

  let stderr = '';
  let rest = '';
  const watch = new LineWatch(() => `stderr:\n${stderr}`);
  const files = [
    followFile(join(directory, 'log', 'current.log'), (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) watch.take(line);
    }),
    followFile(join(directory, 'stderr'), (text) => {
      stderr += text;
    }),
  ];
  onClose(async () => {
    for (const file of files) file.close();
  });
  // Where the output of the next daemon begins.
  let line = 0;
  let error = 0;

  const rewriteConfig = (sections: ConfigSections): Promise<void> =>
    writeConfigFile(host.outside(CONFIG), '/shared', mergeSections(sections, { logging: LOGGING }));

  async function start(config: ConfigSections): Promise<LabDaemon> {
    await rewriteConfig(config);
    const { exitCode, stderr: why } = await host.exec(['systemctl', 'start', SERVICE]);
    if (exitCode !== 0) throw new Error(`the service does not start: ${why}\n${watch.text()}`);
    const { mainPid } = await showUnit(host, SERVICE);
    const pid = await host.outsidePid(mainPid);
    const [firstLine, firstError] = [line, error];
    let ended: { readonly line: number; readonly error: number } | undefined;
    const exit = waitForEnd(host, pid, mainPid).then((how) => {
      for (const file of files) file.catchUp();
      [line, error] = [watch.lines.length, stderr.length];
      ended = { line, error };
      return how;
    });
    return {
      pid,
      exit,
      lines: () => watch.lines.slice(firstLine, ended?.line),
      stderr: () => stderr.slice(firstError, ended?.error),
      async waitForLine(pattern, { from = 0 } = {}) {
        const seen = await watch.waitFor(pattern, firstLine + from);
        return { ...seen, index: seen.index - firstLine };
      },
      signal: (signal) => void process.kill(pid, signal),
      rewriteConfig,
      async stop() {
        await host.run('systemctl', 'stop', SERVICE);
        return exit;
      },
    };
  }
  return {
    start,
    // That is systemd's part, and what is in units of its own is the next run's (R31).
    clearUp: async () => [],
    endLeftBehind: () => endUnits(host, 'process-monitor-*'),
  };
}

async function waitForEnd(host: Host, pid: number, mainPid: number): Promise<DaemonExit> {
  await waitFor('the end of the service', () => hasEnded(pid), Number.POSITIVE_INFINITY);
  return waitFor('systemd to see the end of the service', async () => {
    const names = '--property=ExecMainPID,ExecMainCode,ExecMainStatus';
    const properties = await host.run('systemctl', 'show', names, SERVICE);
    const value = (name: string): number => Number(new RegExp(`^${name}=(\\d+)`, 'm').exec(properties)?.[1]);
    if (value('ExecMainPID') !== mainPid) throw new Error(`systemd has forgotten how ${mainPid} ended`);
    const status = value('ExecMainStatus');
    switch (value('ExecMainCode')) {
      case CLD.running:
        return undefined;
      case CLD.exited:
        return { code: status, signal: null };
      default:
        return { code: null, signal: nameOfSignal(status) };
    }
  });
}

/** The first is systemd's, the second the kernel's. */
const CLD = { running: 0, exited: 1 } as const;

function nameOfSignal(signal: number): NodeJS.Signals {
  const names = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  const [name] = names.find(([, number]) => number === signal) ?? [];
  if (name === undefined) throw new Error(`${signal} is no signal`);
  return name;
}

async function hasEnded(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return stat === '' || /\) Z /.test(stat);
}
