import type { Config } from '../../config/config.js';
import { CONFIG_KEYS, type ConfigKey } from '../../config/keys/config-keys.js';
import { secretsOf } from '../../config/secrets-of.js';
import { sectionNameOf } from '../../domain/cycle/admission.js';
import type { ProcessSettings } from '../../domain/cycle/process-settings.js';
import { maskCommand } from '../../telemetry/log/mask-command.js';
import { createMask } from '../../telemetry/log/mask-secrets.js';
import type { ProcessDetail } from '../../web/contract/processes.js';

/**
 * The settings in force for a process, as config.ini would have them, in the order of the documents. What looks like a
 * secret in a command is masked, as in the log (R24).
 */
export function describeSettings(config: Config, processName: string): ProcessDetail['settings'] {
  const section = sectionNameOf(processName, config.processes);
  const settings = config.processes.byName.get(section ?? '') ?? config.processes.defaults;
  const mask = createMask(secretsOf(config));
  return CONFIG_KEYS.filter(({ section }) => section === 'process').map((configKey) => {
    const { key, default: byDefault = '' } = configKey;
    const text = textOf(configKey, settings) ?? byDefault;
    return { key, value: mask(maskCommand(text)), isDefault: text === byDefault };
  });
}

/** Undefined for a key that is not set. */
function textOf({ key, unit }: ConfigKey, settings: ProcessSettings): string | undefined {
  const name = key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const value = Object.entries(settings).find(([each]) => each === (unit === 's' ? `${name}Ms` : name))?.[1];
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'number') return String(unit === 's' ? value / 1000 : value);
  if (typeof value !== 'object') return String(value);
  // health_check_port
  const { host, port } = value;
  if (host === undefined) return String(port);
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
