import { median, quantilesOf } from '../support/quantiles.js';
import type { Figure } from '../support/result.js';
import type { FloodResult } from './measure-flood.js';
import { SERVICE, TOOL, ZONGJI } from './receivers.js';
import type { FloodKind } from './start-flood.js';

type Measured = ReadonlyMap<string, readonly FloodResult[]>;

/** `costs` were measured without alarms, `late` with them. */
export function busyFigures(flood: FloodKind, costs: Measured, late: Measured): Figure[] {
  const service = costs.get(SERVICE.name) ?? [];
  const zongji = costs.get(ZONGJI.name) ?? [];
  const tool = costs.get(TOOL.name) ?? [];
  const lagsOf = ({ name }: { readonly name: string }): readonly number[] =>
    (late.get(name) ?? []).flatMap(({ lagsMs }) => lagsMs);
  const against = (kind: { readonly name: string }, value: number) => ({
    baseline: { what: kind.name, value },
  });
  const cost = flood === 'small' ? costOfTransactions : costOfMegabytes;
  const costed = flood === 'small' ? 'processor time for 1,000 transactions' : 'processor time for 100 MB';
  const lags = lagsOf(SERVICE);
  const floor = lagsOf(ZONGJI);
  return [
    {
      what: `${flood}: ${costed}`,
      unit: 'CPU ms',
      value: cost(service),
      ...against(ZONGJI, cost(zongji)),
    },
    ...(tool.length === 0
      ? []
      : [
          {
            what: `${flood}: the same`,
            unit: 'CPU ms',
            value: cost(service),
            ...against(TOOL, cost(tool)),
          } as const,
        ]),
    {
      what: `${flood}: lag of an alarm, p50`,
      unit: 'ms',
      value: median(lags),
      samples: lags.length,
      ...against(ZONGJI, median(floor)),
    },
    {
      what: `${flood}: longest lag`,
      unit: 'ms',
      value: quantilesOf(lags).max,
      samples: lags.length,
      ...against(ZONGJI, quantilesOf(floor).max),
    },
    {
      what: `${flood}: peak memory`,
      unit: 'MB',
      value: peak(service),
      ...against(ZONGJI, peak(zongji)),
    },
    {
      what: `${flood}: transactions that the server took`,
      unit: '1/s',
      value: median(service.map(({ transactions, seconds }) => transactions / seconds)),
      ...against(ZONGJI, median(zongji.map(({ transactions, seconds }) => transactions / seconds))),
    },
  ];
}

function costOfTransactions(results: readonly FloodResult[]): number {
  return median(results.map(({ cpuSeconds, transactions }) => (cpuSeconds * 1000) / (transactions / 1000)));
}

function costOfMegabytes(results: readonly FloodResult[]): number {
  return median(results.map(({ cpuSeconds, megabytes }) => (cpuSeconds * 1000) / (megabytes / 100)));
}

function peak(results: readonly FloodResult[]): number {
  return Math.max(...results.map(({ peakMb }) => peakMb));
}
