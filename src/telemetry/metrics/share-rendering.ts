/** A rendering serves whoever asks within so many times the time that it took. */
const REST = 9;

/**
 * Renders for all who ask at about the same time: however many peers read the metrics without a pause, a tenth of the one
 * thread goes into it at most. Of 1,000 processes a rendering takes tens of ms, and restarts must not wait for a queue of
 * them. `now`: ms of a clock that nobody sets.
 */
export function shareRendering(
  render: () => Promise<string>,
  now: () => number = () => performance.now(),
): () => Promise<string> {
  let last: Promise<string> | undefined;
  let freshUntil = Number.POSITIVE_INFINITY;
  return () => {
    if (last && now() < freshUntil) return last;
    const begunAt = now();
    freshUntil = Number.POSITIVE_INFINITY;
    const rendering = render().finally(() => {
      freshUntil = now() + REST * (now() - begunAt);
    });
    // A failure is told to those who wait for it, and to nobody later.
    rendering.catch(() => {
      last = undefined;
    });
    last = rendering;
    return rendering;
  };
}
