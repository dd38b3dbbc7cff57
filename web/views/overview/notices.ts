import { type Child, h } from '../../dom/h.js';
import type { Snapshot } from '../../model/contract.js';
import { formatAgo, formatSince } from '../../model/times.js';
import { notice } from '../../parts/notice.js';
import { foreign, foreignLines } from '../../parts/texts.js';

/** What is wrong with the service itself, each with what to do about it. */
export function noticesOf({ service, table, database, hanging }: Snapshot, now: number): Child {
  const { refusedConfig } = service;
  return [
    refusedConfig &&
      notice(
        { mark: 'warn', text: `config.ini was refused ${formatAgo(refusedConfig.at, now)}.` },
        'The settings before it are still in use. Repair the file, then: systemctl reload monitor_service.',
        refusedConfig.problem !== undefined && foreignLines(refusedConfig.problem),
      ),
    table.problem !== undefined &&
      notice(
        { mark: 'bad', text: 'The table cannot be read.' },
        foreign(table.problem),
        h('p', null, 'monitor_service check says what is missing.'),
      ),
    database &&
      !database.mayWrite &&
      notice(
        { mark: 'warn', text: 'The database takes no writes.' },
        'Processes are restarted, and their alarms are cleared when a server takes the write.',
      ),
    hanging.map(({ subject, pid, since }) =>
      notice(
        { mark: 'warn', text: `A look at this host hangs for ${formatSince(since, now)}.` },
        foreign(subject),
        h('p', null, `Process ${pid} waits for it in the kernel.`),
      ),
    ),
  ];
}
