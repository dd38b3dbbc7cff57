/** Every so many of the points, the first and the last among them: enough for a curve. */
export function thinOut<T>(points: readonly T[], most = 100): readonly T[] {
  if (points.length <= most) return points;
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => points[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  );
}
