/** One line of the text format of Prometheus. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text format of Prometheus; throws at a line that is none of it. */
export function parseExposition(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseSample);
}

/** The value of one series, undefined where there is none. */
export function seriesValue(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = Object.entries(labels);
  return samples.find(
    (sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value),
  )?.value;
}

function parseSample(line: string): Sample {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`no line of a metric: ${line}`);
  return { name, labels: Object.fromEntries(readLabels(labels)), value: toNumber(value, line) };
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\]|\\.)*",?)*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPED: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

function readLabels(text: string): [string, string][] {
  return [...text.matchAll(LABEL)].map(([, name = '', value = '']) => [
    name,
    value.replace(/\\[n"\\]/g, (escaped) => ESCAPED[escaped] ?? escaped),
  ]);
}

function toNumber(text: string, line: string): number {
  const value = text === '+Inf' ? Number.POSITIVE_INFINITY : text === 'Nan' ? Number.NaN : Number(text);
  if (Number.isNaN(value) && text !== 'Nan') throw new Error(`no value of a metric: ${line}`);
  return value;
}
