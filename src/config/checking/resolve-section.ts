import { nearestName } from '../../domain/nearest-name.js';
import { SECTION_KINDS, type SectionKind } from '../keys/config-keys.js';
import { showName } from '../reading/scan-lines.js';

interface ResolvedSection {
  /** The section whose keys it is checked against; undefined if the name resembles no known one. */
  readonly kind?: SectionKind;
  /** NAME of `[process.NAME]`. */
  readonly processName?: string;
  /** NAME of `[maintenance.NAME]`. */
  readonly maintenanceName?: string;
  readonly problem?: string;
}

/**
 * Finds the section that a name means. A misspelt name is a fault, but its keys are still checked against the section
 * that was probably meant, so that one report shows everything (R23).
 */
export function resolveSection(name: string): ResolvedSection {
  const plain = PLAIN_KINDS.find((kind) => kind === name);
  if (plain) return { kind: plain };
  const named = resolveNamed(name);
  if (named) return named;

  const dot = name.indexOf('.');
  const kind = nearestName<SectionKind>(
    dot === -1 ? name : name.slice(0, dot),
    dot === -1 ? SECTION_KINDS : NAMED_KINDS,
  );
  if (kind === undefined) return { problem: `is not a known section, allowed: ${KNOWN_SECTIONS}` };
  const own = dot === -1 ? 'NAME' : showName(name.slice(dot + 1));
  const meant = isNamedKind(kind) ? `${kind}.${own}` : kind;
  return { kind, problem: `is not a known section, did you mean "[${meant}]"?` };
}

/** `[process.NAME]` and `[maintenance.NAME]`. */
function resolveNamed(name: string): ResolvedSection | undefined {
  const kind = NAMED_KINDS.find((candidate) => name.startsWith(`${candidate}.`));
  if (kind === undefined) return undefined;
  const own = name.slice(kind.length + 1);
  if (own === '') {
    const whose = kind === 'process' ? 'process name' : 'name';
    return { kind, problem: `has no ${whose}, allowed: [${kind}.NAME]` };
  }
  return kind === 'process' ? { kind, processName: own } : { kind, maintenanceName: own };
}

const NAMED_KINDS = ['process', 'maintenance'] as const;
const PLAIN_KINDS = SECTION_KINDS.filter((kind) => !isNamedKind(kind));
const KNOWN_SECTIONS = [...PLAIN_KINDS, 'maintenance.NAME', 'process.default', 'process.NAME']
  .map((name) => `[${name}]`)
  .join(', ');

function isNamedKind(kind: SectionKind): boolean {
  return NAMED_KINDS.some((named) => named === kind);
}
