import { dirname } from 'node:path';
import { NOTE_TEXTS } from '../domain/alarm/note-texts.js';
import type { ProcessSettings } from '../domain/cycle/process-settings.js';
import type { Entry } from './checking/check-keys.js';
import { isDefault } from './checking/check-process-sections.js';
import { type Section, textsOf } from './checking/check-sections.js';
import type { Config } from './config.js';
import { buildBinlog } from './keys/binlog.js';
import { CONFIG_KEYS, SECTIONS, type SectionKind } from './keys/config-keys.js';
import { buildDatabase, type DatabasePassword } from './keys/database.js';
import { buildLogging } from './keys/logging.js';
import { buildMaintenance } from './keys/maintenance.js';
import { buildMetrics } from './keys/metrics.js';
import { buildMonitor } from './keys/monitor.js';
import { buildNotify } from './keys/notify.js';
import { buildProcess } from './keys/process.js';
import { buildWeb, type WebFiles } from './keys/web.js';
import type { ConfigIssue } from './reading/config-error.js';

/**
 * Builds the Config from sections without faults; `issues` are faults that make only their own section unusable. A key
 * that is absent in `[process.NAME]` comes from `[process.default]`, then from the built-in default; the texts are merged
 * before any value is read. Relative paths start at the folder of the file.
 */
export function buildConfig(
  file: string,
  sections: readonly Section[],
  { secret, web }: FilesRead,
  issues: readonly ConfigIssue[],
): Config {
  const folder = dirname(file);
  const textsIn = (kind: SectionKind): Texts => ({
    ...defaultsOf(kind),
    ...textsOf(sections.find((section) => section.kind === kind)),
  });
  return {
    file,
    database: buildDatabase(SECTIONS.database.parse(textsIn('database')), folder, secret),
    monitor: buildMonitor(SECTIONS.monitor.parse(textsIn('monitor')), folder),
    binlog: buildBinlog(SECTIONS.binlog.parse(textsIn('binlog'))),
    logging: buildLogging(SECTIONS.logging.parse(textsIn('logging')), folder),
    metrics: buildMetrics(SECTIONS.metrics.parse(textsIn('metrics')), folder),
    web: buildWeb(SECTIONS.web.parse(textsIn('web')), folder, web),
    notify: buildNotify(SECTIONS.notify.parse(textsIn('notify'))),
    maintenance: buildMaintenances(sections),
    processes: buildProcesses(sections),
    issues,
  };
}

/** What was read from other files. */
interface FilesRead {
  readonly secret: DatabasePassword;
  readonly web: WebFiles | undefined;
}

type Texts = Readonly<Record<string, string>>;

/** A key without a default is empty. So is a key with a built-in default, which does more than its text says (R21). */
function defaultsOf(kind: SectionKind): Texts {
  return Object.fromEntries(
    CONFIG_KEYS.filter(({ section }) => section === kind).map((configKey) => [
      configKey.key,
      configKey.builtIn ? '' : (configKey.default ?? ''),
    ]),
  );
}

function buildMaintenances(sections: readonly Section[]): Config['maintenance'] {
  const absent = defaultsOf('maintenance');
  return sections.flatMap((section) => {
    const { maintenanceName } = section;
    if (maintenanceName === undefined) return [];
    return [
      buildMaintenance(maintenanceName, SECTIONS.maintenance.parse({ ...absent, ...textsOf(section) })),
    ];
  });
}

function buildProcesses(sections: readonly Section[]): Config['processes'] {
  const builtIn = defaultsOf('process');
  const settingsOf = (texts: Texts): ProcessSettings =>
    buildProcess(SECTIONS.process.parse({ ...builtIn, ...texts }));
  const defaults = textsOf(sections.find(isDefault));
  const named = sections.flatMap((section) =>
    section.processName === undefined || isDefault(section)
      ? []
      : [[section.processName, settingsOf({ ...defaults, ...textsOf(section) })] as const],
  );
  return { defaults: settingsOf(defaults), byName: new Map(named), unusable: findUnusable(sections) };
}

/** Why the processes of a section are refused, by its NAME. An unusable key of the defaults is inherited as well. */
function findUnusable(sections: readonly Section[]): ReadonlyMap<string, string> {
  const inherited = brokenIn(sections.find(isDefault));
  return new Map(
    sections.flatMap((section) => {
      const { processName } = section;
      if (processName === undefined) return [];
      const own = section.entries.map(({ key }) => key);
      const [broken] = [...brokenIn(section), ...inherited.filter(({ key }) => !own.includes(key))];
      if (broken === undefined) return [];
      return [[processName, NOTE_TEXTS.REFUSED.unusable(broken.key, broken.line)] as const];
    }),
  );
}

function brokenIn(section: Section | undefined): readonly Entry[] {
  return (section?.entries ?? []).filter(({ text }) => text === undefined);
}
