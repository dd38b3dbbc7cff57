import type { Config } from '../../config/config.js';
import type { StatusReport } from '../../control/status-report.js';
import type { Breakers } from '../../state/breakers.js';
import type { Pauses } from '../../state/pauses.js';
import type { ServerDiagnostics } from '../binlog/server-diagnostics.js';
import { VERSION } from '../shared/version.js';
import type { DataSource } from '../table/data-source.js';
import type { ProcessNames } from '../table/process-names.js';
import type { TableState } from '../table/table-state.js';
import type { StatusCollector } from './status-collector.js';

/** Everybody who knows a part of it. */
export interface StatusParts {
  readonly config: () => Config;
  readonly dataSource: () => DataSource;
  readonly isStopping: () => boolean;
  /** Whether this alarm was answered and stays raised nevertheless. */
  readonly isAnswered: (processId: number) => boolean;
  /** Why the stream is down, where that is known. */
  readonly streamProblem: () => string | undefined;
  readonly book: StatusCollector;
  readonly server: ServerDiagnostics;
  readonly tableState: TableState;
  readonly breakers: Breakers;
  readonly pauses: Pauses;
  readonly names: ProcessNames;
}

/** What the service knows of itself now. Rejects never: what the database would have to add is left out. */
export function createStatusReporter(parts: StatusParts): () => Promise<StatusReport> {
  const startedAt = Date.now();
  return async () => {
    const { book, tableState, breakers, names, dataSource } = parts;
    const notable = [...breakers.snapshot()].filter(
      ([, { state, failures }]) => state !== 'closed' || failures > 0,
    );
    const ids = [...notable.map(([id]) => id), ...tableState.list().map(({ processId }) => processId)];
    // Names that are not known yet are shown as ids where the database cannot tell them.
    if (tableState.problem === undefined) {
      await names.lookUp(ids, dataSource());
    }
    const named = (processId: number) => ({ processId, processName: names.nameOf(processId) });
    const { problem } = tableState;
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
        isKnown: tableState.standingAlarms !== undefined,
        ...(problem === undefined ? {} : { problem }),
      },
      alarms: tableState.list().map(({ processId, since }) => ({
        ...named(processId),
        since,
        isAnswered: parts.isAnswered(processId),
      })),
      cycles: [...book.cycles.list],
      breakers: notable.map(([processId, { state, failures }]) => ({
        ...named(processId),
        state,
        failures,
        ...(state === 'open' ? { retryAt: breakers.describe(processId).retryAt } : {}),
      })),
      pauses: [...parts.pauses.snapshot()],
      outcomes: [...book.outcomes.list],
      totals: { ...book.outcomes.totals, ...(medianMs === undefined ? {} : { medianReactionMs: medianMs }) },
    };
  };
}

function describeStream({ config, server, book, streamProblem }: StatusParts): StatusReport['stream'] {
  const { binlog, monitor, database } = config();
  const facts = book.stream.facts;
  const reached = server.describe(database);
  const reason = binlog.enabled ? streamProblem() : 'the binlog is off in config.ini';
  return {
    ...facts,
    state: binlog.enabled ? facts.state : 'polling',
    pollingEveryMs: monitor.fallbackIntervalMs,
    ...(reached === undefined ? {} : { server: reached }),
    ...(reason === undefined ? {} : { reason }),
  };
}
