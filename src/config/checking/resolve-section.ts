import { nearestName } from '../../domain/nearest-name.js';
import { SECTION_KINDS, type SectionKind } from '../keys/config-keys.js';
import { showName } from '../reading/scan-lines.js';

interface ResolvedSection {
  /** The section whose keys it is checked against; undefined if the name resembles no known one. */
  readonly kind?: SectionKind;
  /** NAME of `[process.NAME]`. */
  readonly processName?: string;
  readonly problem?: string;
}

/**
 * Finds the section that a name means. A misspelt name is a fault, but its keys are still checked against the section
 * that was probably meant, so that one report shows everything (R23).
 */
export function resolveSection(name: string): ResolvedSection {
  const plain = PLAIN_KINDS.find((kind) => kind === name);
  if (plain) return { kind: plain };
  if (name.startsWith(PROCESS_PREFIX)) {
    const processName = name.slice(PROCESS_PREFIX.length);
    return processName === ''
      ? { kind: 'process', problem: 'has no process name, allowed: [process.NAME]' }
      : { kind: 'process', processName };
  }

  const dot = name.indexOf('.');
  const kind = nearestName<SectionKind>(
    dot === -1 ? name : name.slice(0, dot),
    dot === -1 ? SECTION_KINDS : ['process'],
  );
  if (kind === undefined) return { problem: `is not a known section, allowed: ${KNOWN_SECTIONS}` };
  const meant = kind === 'process' ? `process.${dot === -1 ? 'NAME' : showName(name.slice(dot + 1))}` : kind;
  return { kind, problem: `is not a known section, did you mean "[${meant}]"?` };
}

const PLAIN_KINDS = SECTION_KINDS.filter((kind) => kind !== 'process');
const PROCESS_PREFIX = 'process.';
const KNOWN_SECTIONS = [...PLAIN_KINDS, 'process.default', 'process.NAME']
  .map((name) => `[${name}]`)
  .join(', ');
