import { type Figure, isMet, ratioOf, type Unit } from './result.js';

/** The columns in which a figure is shown, on the screen and in the documents. */
export const COLUMNS = ['what', 'measured', 'baseline', 'ratio', 'aim', ''] as const;

export function describeFigure(figure: Figure): readonly string[] {
  const { what, unit, value, baseline, computed } = figure;
  const ratio = ratioOf(figure);
  const met = isMet(figure);
  return [
    what,
    `${formatValue(value, unit)}${computed === undefined ? '' : ' (computed)'}`,
    baseline ? `${formatValue(baseline.value, unit)} ${baseline.what}` : '',
    ratio === undefined ? '' : `${formatNumber(ratio)} ×`,
    describeAim(figure),
    met === undefined ? '' : met ? '✔' : '✘',
  ];
}

function formatValue(value: number, unit: Unit): string {
  if (unit === 'count') return formatNumber(value);
  return `${formatNumber(value)} ${unit}`;
}

/** Three significant digits, and no more than there are. */
export function formatNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1000) return Math.round(value).toLocaleString('en-US');
  if (magnitude >= 100 || value === 0) return String(Math.round(value));
  return String(Number(value.toPrecision(magnitude < 0.01 ? 2 : 3)));
}

function describeAim({ aim, unit }: Figure): string {
  if (!aim) return '';
  return aim.of === 'ratio' ? `≤ ${formatNumber(aim.atMost)} ×` : `≤ ${formatValue(aim.atMost, unit)}`;
}
