import type { Config } from '../../config/config.js';
import type { StatusReport } from '../../control/status-report.js';
import type { Circuits } from '../../state/breakers.js';
import type { Pauses } from '../../state/pauses.js';
import type { ServerReport } from '../binlog/server-diagnostics.js';
import { VERSION } from '../shared/version.js';
import type { DataSource } from '../table/data-source.js';
import type { ProcessNames } from '../table/process-names.js';
import type { TableWatch } from '../table/table-state.js';
import type { StatusBook } from './status-collector.js';

/** Everybody who knows a part of it. */
export interface StatusParts {
  readonly config: () => Config;
  readonly source: () => DataSource;
  readonly isStopping: () => boolean;
  /** Whether this alarm was answered and stays raised nevertheless. */
  readonly isAnswered: (processId: number) => boolean;
  /** Why the stream is down, where that is known. */
  readonly streamProblem: () => string | undefined;
  readonly book: StatusBook;
  readonly server: ServerReport;
  readonly tableWatch: TableWatch;
  readonly circuits: Circuits;
  readonly pauses: Pauses;
  readonly names: ProcessNames;
}

/** What the service knows of itself now. Rejects never: what the database would have to add is left out. */
export function createStatusReporter(parts: StatusParts): () => Promise<StatusReport> {
  const startedAt = Date.now();
  return async () => {
    const { book, tableWatch, circuits, names, source } = parts;
    const breakers = [...circuits.snapshot()].filter(
      ([, { state, failures }]) => state !== 'closed' || failures > 0,
    );
    const ids = [...breakers.map(([id]) => id), ...tableWatch.list().map(({ processId }) => processId)];
    // Names that are not known yet are shown as ids where the database cannot tell them.
    if (tableWatch.problem === undefined) {
      await names.lookUp(ids, source());
    }
    const named = (processId: number) => ({ processId, processName: names.nameOf(processId) });
    const { problem } = tableWatch;
    const { medianMs } = book.reactions;
    return {
      service: {
        version: VERSION,
        pid: process.pid,
        startedAt,
        configFile: parts.config().file,
        isStopping: parts.isStopping(),
      },
      stream: describeStream(parts),
      table: {
        isKnown: tableWatch.standingAlarms !== undefined,
        ...(problem === undefined ? {} : { problem }),
      },
      alarms: tableWatch.list().map(({ processId, since }) => ({
        ...named(processId),
        since,
        isAnswered: parts.isAnswered(processId),
      })),
      cycles: [...book.cycles.list],
      breakers: breakers.map(([processId, { state, failures }]) => ({
        ...named(processId),
        state,
        failures,
        ...(state === 'open' ? { retryAt: circuits.describe(processId).retryAt } : {}),
      })),
      pauses: [...parts.pauses.snapshot()],
      outcomes: [...book.outcomes.list],
      totals: { ...book.outcomes.totals, ...(medianMs === undefined ? {} : { medianReactionMs: medianMs }) },
    };
  };
}

function describeStream({ config, server, book, streamProblem }: StatusParts): StatusReport['stream'] {
  const { binlog, monitor } = config();
  const facts = book.stream.facts;
  const reason = binlog.enabled ? streamProblem() : 'the binlog is off in config.ini';
  return {
    ...facts,
    state: binlog.enabled ? facts.state : 'polling',
    pollingEveryMs: monitor.fallbackIntervalMs,
    server: server.describe(config()),
    ...(reason === undefined ? {} : { reason }),
  };
}
