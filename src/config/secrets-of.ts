import type { Config } from './config.js';

/** A shorter path such as /alerts is no secret, and would be masked wherever the word stands. */
const SHORTEST_SECRET_PATH = 12;

/** Every text of the configuration that no log line and no notification may show (R24). */
export function secretsOf(config: Config): readonly string[] {
  const known = found.get(config);
  if (known) return known;
  const { database, notify } = config;
  const secrets = [
    database.password,
    ...(notify.webhook === undefined ? [] : secretsOfWebhook(notify.webhook)),
  ];
  found.set(config, secrets);
  return secrets;
}

/** Every line of the log asks. */
const found = new WeakMap<Config, readonly string[]>();

/** Errors may show the address as a whole, without its host, or a token out of it. */
function secretsOfWebhook(webhook: string): readonly string[] {
  const { href, pathname, search, searchParams } = new URL(webhook);
  const parts = [`${pathname}${search}`, ...pathname.split('/'), ...searchParams.values()];
  return [href, ...parts.filter((part) => part.length >= SHORTEST_SECRET_PATH)];
}
