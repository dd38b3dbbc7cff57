import fc from 'fast-check';

/**
 * The same draws in every run: `npm test` says the same of a commit each time, and a failure says something about the change.
 * `PROPERTY_SEED=random` looks for others; what that finds is repeated by its number.
 */
const seed = process.env.PROPERTY_SEED ?? '20261130';
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
