import { writeSync } from 'node:fs';
import { openLog } from '../../../src/telemetry/log/open-log.js';

/**
 * A process that logs to the file given, on its real stdout, and then ends or lives on as told. It says on stderr
 * how far it came, because stdout is what is being tried.
 */
const [file = '', ending = ''] = process.argv.slice(2);

const log = await openLog(
  { file, level: 'DEBUG', format: 'text', maxLogSizeKb: 5120, logFilesToKeep: 2 },
  { stdout: process.stdout, underSystemd: false, colour: false, secrets: () => [] },
);

const tell = (text: string) => writeSync(2, `${text}\n`);

const ENDINGS: Readonly<Record<string, () => void>> = {
  exit: () => {
    for (let line = 1; line <= 1000; line += 1) log.info('httpd', `line ${line}`);
    process.exit(0);
  },
  throw: () => {
    process.on('uncaughtException', (error) => {
      log.error('monitor_service', 'ends after an uncaught exception', { error });
      process.exit(1);
    });
    throw new Error('nobody caught this');
  },
  /** Stdout has no reader, or one that reads nothing. */
  flood: () => {
    for (let line = 1; line <= 5000; line += 1) log.info('httpd', `line ${line} ${'x'.repeat(1000)}`);
    process.on('SIGTERM', () => {
      log.info('httpd', 'still here');
      process.exit(0);
    });
    setInterval(() => undefined, 1000);
    tell('flooded');
  },
};

tell('opened');
// Whoever breaks stdout says when that is done.
process.stdin.once('data', () => ENDINGS[ending]?.());
