import type { Config } from './config.js';

/** A shorter path such as /alerts is not a secret, and the word would be masked everywhere. */
const MIN_SECRET_PATH_LENGTH = 12;

/** All texts of the configuration that log lines and notifications must not show (R24). */
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

/** Every log line needs the secrets, so they are kept. */
const found = new WeakMap<Config, readonly string[]>();

/** Errors may show the whole address, the address without its host, or a token from it. */
function secretsOfWebhook(webhook: string): readonly string[] {
  const { href, pathname, search, searchParams } = new URL(webhook);
  const parts = [`${pathname}${search}`, ...pathname.split('/'), ...searchParams.values()];
  return [href, ...parts.filter((part) => part.length >= MIN_SECRET_PATH_LENGTH)];
}
