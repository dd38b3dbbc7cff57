import type { Config } from '../../config/config.js';
import type { FindingSection } from '../../domain/finding.js';
import { checkDatabase } from './database/check-database.js';
import { judgeListing } from './database/judge-listing.js';
import { checkHost } from './host/check-host.js';
import { checkNotify } from './host/check-notify.js';
import { checkPaths } from './host/check-paths.js';
import { checkProcesses, type ProcessesOptions } from './process/check-all-processes.js';

/** Everything that is checked with a valid configuration, section by section as it becomes known. Changes nothing. */
export async function* checkSections(
  config: Config,
  options: ProcessesOptions,
): AsyncGenerator<FindingSection, void> {
  yield { heading: 'Host', findings: await checkHost() };
  yield { heading: 'Files', findings: await checkPaths(config) };
  const { command, webhook } = config.notify;
  if (command !== undefined || webhook !== undefined)
    yield { heading: 'Notifications', findings: await checkNotify(config.notify) };
  const listing = yield* checkDatabase(config);
  if (listing) yield { heading: 'Rows', findings: judgeListing(listing, config) };
  yield { heading: 'Processes', findings: await checkProcesses(config, listing, options) };
}
