import type { Config } from '../../config/config.js';
import { ConfigError, type ConfigIssue } from '../../config/reading/config-error.js';
import {
  countFindings,
  type Finding,
  type FindingSection,
  faultFinding,
  okFinding,
} from '../../domain/finding.js';
import { EXIT_CONFIG, EXIT_FAILURE, EXIT_NO_PERMISSION } from '../shared/exit-codes.js';
import { mayRead, SUDO } from '../shared/may-read.js';
import { writeOut } from '../shared/output.js';
import { readConfig } from '../shared/read-config.js';
import { createPaint, wantsColour } from '../shared/terminal.js';
import { checkDatabase } from './database/check-database.js';
import { judgeListing } from './database/judge-listing.js';
import { type FormatOptions, formatJson, formatSection, formatSummary } from './format-findings.js';
import { checkHost } from './host/check-host.js';
import { checkMaintenance } from './host/check-maintenance.js';
import { checkNotify } from './host/check-notify.js';
import { checkPaths } from './host/check-paths.js';
import { checkPorts } from './host/check-ports.js';
import { checkWeb } from './host/check-web.js';
import { checkAllProcesses, type ProcessesOptions } from './process/check-all-processes.js';

export interface CheckOptions {
  /** Path of the configuration file. */
  readonly config: string;
  /** Neither database nor processes, and the file may be for another host. */
  readonly configOnly?: boolean;
  readonly health: boolean;
  readonly json: boolean;
}

/** Checks the host and prints each section when it is done. Resolves to the exit code. */
export async function runCheck({
  config: file,
  configOnly = false,
  health,
  json,
}: CheckOptions): Promise<number> {
  const format: FormatOptions = {
    paint: createPaint(wantsColour(process.stdout)),
    env: process.env,
  };
  const sections: FindingSection[] = [];
  const take = async (section: FindingSection): Promise<void> => {
    sections.push(section);
    if (!json) await writeOut(formatSection(section, format));
  };

  const read = readOrExplain(file, configOnly);
  const { config } = read;
  await take(read.section);
  if (!config) await take(forWhom({ heading: 'Host', findings: await checkHost() }, configOnly));
  else {
    for await (const found of checkThisHost(config)) await take(forWhom(found, configOnly));
    if (!configOnly)
      for await (const found of checkDatabaseAndProcesses(config, { health })) await take(found);
  }

  await writeOut(json ? formatJson(sections) : formatSummary(sections, format));
  if (!read.config) return read.exitCode;
  if (countFindings(sections).fault === 0) return 0;
  return configOnly ? EXIT_CONFIG : EXIT_FAILURE;
}

type ReadConfig =
  | { readonly config: Config; readonly section: FindingSection }
  /** The file cannot be used. */
  | { readonly config?: undefined; readonly section: FindingSection; readonly exitCode: number };

function readOrExplain(file: string, isForAnother: boolean): ReadConfig {
  const heading = 'Configuration';
  try {
    const config = readConfig(file, process.env, { isForAnother });
    const count = config.processes.byName.size;
    if (config.issues.length > 0) {
      return {
        config,
        section: { heading: `${heading} ${config.file}`, findings: config.issues.map(toFinding) },
      };
    }
    const message = `${config.file}: no mistake, ${count} section${count === 1 ? '' : 's'} [process.NAME]`;
    return { config, section: { heading, findings: [okFinding('config.ini', message)] } };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (!mayRead(error.file)) {
      const finding = faultFinding('config.ini', `this user may not read ${error.file}`, SUDO);
      return { exitCode: EXIT_NO_PERMISSION, section: { heading, findings: [finding] } };
    }
    const findings = error.faults.map(toFinding);
    return { exitCode: EXIT_CONFIG, section: { heading: `${heading} ${error.file}`, findings } };
  }
}

function toFinding({ line, key, problem, costsSection }: ConfigIssue): Finding {
  const costs = costsSection ? '; only this section is not used' : '';
  return faultFinding(`line ${line}`, `${key}: ${problem}${costs}`);
}

/** Of a file that is for another host, what this one lacks is no fault. */
function forWhom({ heading, findings }: FindingSection, isForAnother: boolean): FindingSection {
  if (!isForAnother) return { heading, findings };
  return {
    heading,
    findings: findings.map((finding) =>
      finding.level === 'fault' ? { ...finding, level: 'warning' as const } : finding,
    ),
  };
}

/** What can be said of this host without its database, section by section. Needs a valid configuration; changes nothing. */
async function* checkThisHost(config: Config): AsyncGenerator<FindingSection, void> {
  yield { heading: 'Host', findings: await checkHost() };
  yield { heading: 'Files', findings: await checkPaths(config) };
  if (config.web.listen) yield { heading: 'Page', findings: checkWeb(config.web, Date.now()) };
  const ports = await checkPorts(config);
  if (ports.length > 0) yield { heading: 'Ports', findings: ports };
  const { command, webhook } = config.notify;
  if (command !== undefined || webhook !== undefined)
    yield { heading: 'Notifications', findings: await checkNotify(config.notify) };
  if (config.maintenance.length > 0)
    yield { heading: 'Maintenance', findings: checkMaintenance(config.maintenance, Date.now()) };
}

async function* checkDatabaseAndProcesses(
  config: Config,
  options: ProcessesOptions,
): AsyncGenerator<FindingSection, void> {
  const listing = yield* checkDatabase(config);
  if (listing) yield { heading: 'Rows', findings: judgeListing(listing, config) };
  yield { heading: 'Processes', findings: await checkAllProcesses(config, listing, options) };
}
