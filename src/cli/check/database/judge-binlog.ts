import type { ServerSettings } from '../../../db/connection/server-settings.js';
import type { Diagnosis } from '../../../db/preflight/diagnosis.js';
import { type Finding, faultFinding, okFinding, warningFinding } from '../../../domain/finding.js';

const SETTINGS = [
  'log_bin',
  'binlog_format',
  'binlog_row_image',
  'binlog_row_metadata',
  'binlog_transaction_compression',
  'lower_case_table_names',
] as const;

/** Reports the diagnoses in the words of the log (R6), and `ok` for every setting without one. Pure. */
export function judgeBinlog(settings: ServerSettings, diagnoses: readonly Diagnosis[]): Finding[] {
  const isOff = settings.global.get('log_bin') === 'OFF';
  const shown = isOff ? SETTINGS.slice(-1) : SETTINGS;
  const silent = shown.filter((name) => !diagnoses.some((diagnosis) => names(diagnosis, name)));
  const hasPrivileges = !diagnoses.some(isAboutPrivileges);
  return [
    ...silent.flatMap((name) => {
      const value = settings.global.get(name);
      return value === undefined ? [] : [okFinding(name, value)];
    }),
    ...(hasPrivileges ? [okFinding('privileges', 'REPLICATION SLAVE and REPLICATION CLIENT are held')] : []),
    ...diagnoses.map(judgeDiagnosis),
  ];
}

/** A diagnosis as a finding. An impossible stream is a fault, although the service would poll. Pure. */
export function judgeDiagnosis(diagnosis: Diagnosis): Finding {
  const { severity, message, remedy } = diagnosis;
  const subject = SUBJECTS.find((name) => names(diagnosis, name)) ?? 'server';
  const about = isAboutPrivileges(diagnosis) ? 'privileges' : subject;
  return severity === 'warning'
    ? warningFinding(about, message, remedy)
    : faultFinding(about, message, remedy);
}

/** Judges our server_id. `replicas` is undefined if the account may not list them. Pure. */
export function judgeServerId(
  ours: number | 'auto',
  settings: ServerSettings,
  replicas: readonly number[] | undefined,
): Finding {
  const remedy = 'set server_id = auto in [binlog], or another number';
  if (ours === 'auto')
    return okFinding('server_id', 'auto: a random id that a hand-numbered server would not use');
  if (settings.global.get('server_id') === String(ours))
    return faultFinding('server_id', `${ours} is the server_id of the server itself`, remedy);
  if (replicas?.includes(ours))
    return faultFinding('server_id', `${ours} is the server_id of another replica`, remedy);
  const unseen = replicas ? '' : '; this account may not list the ids of other replicas';
  return okFinding('server_id', `${ours}${unseen}`);
}

const SUBJECTS = [
  ...SETTINGS,
  'server_id',
  'binlog_do_db',
  'binlog_ignore_db',
  'log_slave_updates',
  'read-only',
  'STATUS_PROCESS',
  'PROCESE',
];

function names({ message }: Diagnosis, setting: string): boolean {
  return new RegExp(`(^|[^\\w])${setting}($|[^\\w])`).test(message);
}

function isAboutPrivileges({ remedy }: Diagnosis): boolean {
  return remedy.startsWith('GRANT ');
}
