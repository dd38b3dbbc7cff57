import type { ServerSettings } from '../../../db/connection/server-settings.js';
import { quoteAccount } from '../../../db/connection/server-settings.js';
import type { Diagnosis } from '../../../db/preflight/diagnosis.js';
import {
  type Finding,
  faultFinding,
  judgeError,
  okFinding,
  warningFinding,
} from '../../../domain/finding.js';
import { judgeDiagnosis } from './judge-binlog.js';

/** What came of opening a stream from a relay. */
export interface RelayProbe {
  readonly place: string;
  /** Of the server; empty if it was not reached. */
  readonly version: string;
  readonly diagnoses: readonly Diagnosis[];
  readonly lagMs: number;
  /** Why there is no fresh stream. */
  readonly failure?: unknown;
}

/** Judges one relay. If another one is fresh, a relay that is not costs only the choice. Pure. */
export function judgeRelay(
  { place, version, diagnoses, lagMs, failure }: RelayProbe,
  isAnyFresh: boolean,
): Finding[] {
  const warnings = diagnoses.filter(({ severity }) => severity === 'warning').map(judgeDiagnosis);
  const found = warnings.map((finding) => ({ ...finding, subject: `${place} ${finding.subject}` }));
  if (failure === undefined) {
    const behind =
      lagMs < 1000 ? 'as new as the primary' : `${(lagMs / 1000).toFixed(1)} s behind the primary`;
    return [okFinding(place, `a relay, ${version}, sends its binlog and is ${behind}`), ...found];
  }
  const { message, remedy } = judgeError(place, failure);
  const judge = isAnyFresh ? warningFinding : faultFinding;
  return [judge(place, message, remedy), ...found];
}

/** Judges the heartbeat of the primary. `scheduler`: its `event_scheduler`. `event`: the one that counts. Pure. */
export function judgeHeartbeat(counts: boolean, scheduler: string, event: string): Finding {
  if (counts) return okFinding('heartbeat', 'the event scheduler of the primary counts');
  const isOn = ['ON', '1'].includes(scheduler.toUpperCase());
  return faultFinding(
    'heartbeat',
    isOn
      ? 'the heartbeat of the primary stands still: its event is disabled, as on a promoted replica, or missing'
      : `the heartbeat of the primary stands still: event_scheduler = ${scheduler}`,
    isOn
      ? `on the primary type ALTER EVENT ${event} ENABLE; or run sql/fleet-heartbeat.sql`
      : 'on the primary type SET GLOBAL event_scheduler = ON; and put it into its configuration',
  );
}

/** With relays the account may not read the binlog of the primary, which has the rows of all tables. Pure. */
export function judgeReplicationSlave(isHeld: boolean, account: ServerSettings['account']): Finding[] {
  if (!isHeld) return [okFinding('privileges', 'the account may not read the binlog of the primary')];
  return [
    warningFinding(
      'privileges',
      'the account may read the binlog of the primary, which has the rows of all tables; with relays it does not need to',
      `on the primary type REVOKE REPLICATION SLAVE ON *.* FROM ${quoteAccount(account)};`,
    ),
  ];
}
