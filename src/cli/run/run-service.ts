import type { Config } from '../../config/config.js';
import { loadConfig } from '../../config/load-config.js';
import { ConfigError } from '../../config/reading/config-error.js';
import { secretsOf } from '../../config/secrets-of.js';
import { type Service, startService } from '../../service.js';
import type { LogHandle } from '../../telemetry/log/log.js';
import { openLog } from '../../telemetry/log/open-log.js';
import { openNotifier } from '../../telemetry/systemd/systemd-notifier.js';
import { EXIT_ALREADY_RUNNING, EXIT_CONFIG, EXIT_FORCED, EXIT_NO_STATE } from '../shared/exit-codes.js';
import { writeOut } from '../shared/output.js';
import { claimState } from './claim-state.js';
import { keepHeapSmall } from './keep-heap-small.js';
import { replaceDnsLookup } from './replace-dns-lookup.js';

/** The daemon: runs until SIGTERM or SIGINT (R22). Resolves to the exit code. */
export async function runService(file: string): Promise<number> {
  keepHeapSmall();
  const early = new EarlyReload();
  let config: Config;
  try {
    config = loadConfig(file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await writeOut(`${error.message}\n`, process.stderr);
    return EXIT_CONFIG;
  }
  const isUnit = process.env.NOTIFY_SOCKET !== undefined;
  const claim = await claimState(config.monitor.stateFile, isUnit);
  if (claim.kind === 'taken') return EXIT_ALREADY_RUNNING;
  if (claim.kind === 'no-answer') return EXIT_NO_STATE;
  const current = { config };
  const underSystemd = process.env.JOURNAL_STREAM !== undefined || process.env.NOTIFY_SOCKET !== undefined;
  const log = await openLog(config.logging, {
    stdout: process.stdout,
    underSystemd,
    colour: process.stdout.isTTY === true && !underSystemd && process.env.NO_COLOR === undefined,
    secrets: () => secretsOf(current.config),
  });
  log.info('monitor_service', `started, pid ${process.pid}, configuration ${config.file}`);
  tellIssues(config, log);
  if (claim.kind === 'unknown') {
    log.warn('monitor_service', `a second service would not be noticed: ${claim.reason}`);
  }
  if (!replaceDnsLookup()) {
    log.warn(
      'monitor_service',
      'there is no getent: a name server that does not answer can hold up the service',
    );
  }
  // An internal error ends the process, and systemd starts it again. People look into the log, so it must say so.
  process.on('uncaughtExceptionMonitor', (error) => {
    log.error('monitor_service', `internal error, stopping: ${error.stack ?? error.message}`);
  });
  const notifier = openNotifier(process.env, (reason) =>
    log.warn('monitor_service', `cannot report the state of the service to systemd: ${reason}`),
  );
  const service = await startService(config, log, notifier, () => {
    current.config = loadNext(file, current.config);
    tellIssues(current.config, log);
    return current.config;
  });
  return await untilEnded(service, log, early);
}

async function untilEnded(service: Service, log: LogHandle, early: EarlyReload): Promise<number> {
  let signals = 0;
  const end = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals === 1) {
      log.info('monitor_service', `${signal}: stopping, running cycles may finish`);
      service.stop();
    } else {
      log.warn('monitor_service', `${signal} again: stopping at once`);
      service.abort();
    }
  };
  const reload = (): void => void service.reload();
  process.on('SIGTERM', end).on('SIGINT', end).on('SIGHUP', reload);
  if (early.isAskedFor) reload();
  await service.ended;
  process.off('SIGTERM', end).off('SIGINT', end).off('SIGHUP', reload);
  return signals > 1 ? EXIT_FORCED : 0;
}

/**
 * Receives a SIGHUP that comes before the service can handle it, or while it stops: without a listener it would kill
 * the process. Stays for the life of the process.
 */
class EarlyReload {
  isAskedFor = false;

  constructor() {
    process.on('SIGHUP', () => {
      this.isAskedFor = true;
    });
  }
}

/** What a reload reads. Throws ConfigError. */
function loadNext(file: string, current: Config): Config {
  const next = loadConfig(file);
  // A section that works in the present configuration must not be lost by a reload: the present one is kept.
  const lost = next.issues.filter(({ key }) => !current.issues.some((issue) => issue.key === key));
  if (lost.length > 0) throw new ConfigError(next.file, lost, next.monitor.controlSocket);
  return next;
}

const COSTS = [
  ['process.', 'until then the alarms of its processes are refused'],
  ['web.', 'until then there is no page'],
] as const;

/** Logs mistakes that make only their section unusable: the service runs without it. */
function tellIssues({ file, issues }: Config, log: LogHandle): void {
  for (const { line, key, problem } of issues) {
    const cost =
      COSTS.find(([section]) => key.startsWith(section))?.[1] ?? 'until then the command is not run';
    log.error('monitor_service', `${file}:${line}: ${key}: ${problem}; ${cost}`);
  }
}
