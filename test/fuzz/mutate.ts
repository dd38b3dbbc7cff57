import type { Random } from '../faults/random.js';

/** What parsers trip over. */
const TOKENS = [
  ...[
    '',
    '0',
    '-0',
    '-1',
    '1e999',
    '9007199254740993',
    '8640000000000001',
    'NaN',
    'null',
    'true',
    '""',
    '[]',
    '{}',
  ],
  ...[
    '"',
    "'",
    '\\',
    '\0',
    '\n',
    '\r\n',
    '\u001b[31m',
    '\u009b',
    '\u202e',
    '\ufeff',
    '\ud800',
    '%s',
    '#',
    ';',
  ],
  ...['__proto__', 'constructor', 'toString', '../', '[', ']', '{', '}', ',', ':', '=', 'a'.repeat(300)],
];

/** One of the seeds, changed in a few places: mostly still valid, as text that others wrote is. */
export function mutate(seeds: readonly string[], random: Random): string {
  let text = random.pick(seeds);
  for (let left = random.whole(1, 4); left > 0; left -= 1) {
    text = random.chance(0.5) ? mutateJson(text, random) : mutateText(text, seeds, random);
  }
  return text;
}

function mutateText(text: string, seeds: readonly string[], random: Random): string {
  const from = random.whole(0, text.length);
  const to = Math.min(text.length, from + random.whole(0, 12));
  const part = random.pick([
    () => random.pick(TOKENS),
    () => String.fromCharCode(random.whole(0, random.chance(0.8) ? 127 : 65_535)),
    () => text.slice(from, to).repeat(random.whole(2, 5)),
    () => '',
    () => {
      const other = random.pick(seeds);
      const begin = random.whole(0, other.length);
      return other.slice(begin, begin + random.whole(0, 60));
    },
  ])();
  return text.slice(0, from) + part + text.slice(random.chance(0.1) ? text.length : to);
}

/** Replaces, doubles or removes one value of a JSON text; what is no JSON is changed as text. */
function mutateJson(text: string, random: Random): string {
  const lines = text.trimEnd().split('\n');
  const isLines = lines.length > 1 && lines.every((line) => line.startsWith('{') && line.endsWith('}'));
  const index = random.whole(0, lines.length - 1);
  try {
    if (!isLines) return JSON.stringify(change(JSON.parse(text), random), undefined, 2);
    return lines.with(index, JSON.stringify(change(JSON.parse(lines[index] ?? ''), random))).join('\n');
  } catch {
    return mutateText(text, [text], random);
  }
}

function change(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.15)) return anything(value, random);
  const entries: [string, unknown][] = Object.entries(value);
  const at = random.whole(0, entries.length);
  const chosen = entries[at];
  if (!chosen) entries.push([random.pick(TOKENS), anything(1, random)]);
  else if (random.chance(0.15)) entries.splice(at, 1);
  else if (random.chance(0.2)) entries[at] = [random.pick(TOKENS), chosen[1]];
  else entries[at] = [chosen[0], change(chosen[1], random)];
  return Array.isArray(value) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries);
}

function anything(like: unknown, random: Random): unknown {
  if (typeof like === 'number' && random.chance(0.7)) {
    return random.pick([0, -0, -1, 0.5, like + 1, -like, like * 1000, 8.64e15, 8.64e15 + 2, 2 ** 53, 1e308]);
  }
  return random.pick([
    null,
    true,
    [],
    {},
    '',
    'x',
    random.pick(TOKENS),
    random.whole(-5, 5),
    [like],
    { x: like },
  ]);
}
