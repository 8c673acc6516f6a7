import { describe, expect, it } from 'vitest';
import elbo from '../../src/components/metrics/elbo.js';
import frechetDistance from '../../src/components/metrics/frechet-distance.js';
import type { Data, Examples } from '../../src/registry/contracts/index.js';
import { describeProvenance } from '../../src/runner/provenance.js';

const none: Examples = { count: 0, read: () => undefined };
const data: Data = {
  ...{ shape: [2], numClasses: null, support: 'binary', description: 'MNIST, threshold at 0.5', hashes: { file: 'abc' } },
  splits: { train: none, validation: none, test: none },
};
const counts = [
  ['train', 5],
  ['test', 3],
  ['validation', 0],
] as const;
const metric = elbo.build({ klEstimator: 'closed-form' });
const described = (entry: { readonly type: string }, source: Data = data) =>
  describeProvenance([{ entry, metric, columns: metric.columns(2) }], source, counts, { classifier: 'c1', sampler: null }, 7);

describe('provenance', () => {
  it('says of each figure what it hangs on, once for all that hang on the same', () => {
    const { provenance, measured } = described({ type: 'elbo' });
    expect(Object.keys(measured)).toEqual(['train.elbo', 'test.elbo']);
    expect(provenance[measured['test.elbo'] ?? '']).toMatchObject({
      ...{ metric: 'elbo', version: 1, unit: 'nats', split: 'test', examples: 3, data: 'MNIST, threshold at 0.5' },
      hashes: {},
    });
  });

  it('is the same whatever the entry is called, and another where the data is binarized otherwise', () => {
    const id = described({ type: 'elbo' }).measured['test.elbo'];
    expect(described({ type: 'elbo', ...{ name: 'bound', every: { epochs: 2 } } }).measured['test.elbo']).toBe(id);
    expect(described({ type: 'elbo' }, { ...data, description: 'MNIST, grey' }).measured['test.elbo']).not.toBe(id);
    expect(described({ type: 'elbo', ...{ klEstimator: 'monte-carlo' } }).measured['test.elbo']).not.toBe(id);
  });

  it('is the same for runs of other seeds, which say so of their binarization', () => {
    const sampled = (seed: number) => ({ ...data, description: `MNIST, one static sample (seed ${String(seed)})` });
    expect(Object.values(described({ type: 'elbo' }, sampled(7)).provenance)[0]?.data).toBe('MNIST, one static sample');
  });

  it('has the hash of the classifier where a metric reads it, and there alone', () => {
    const own = frechetDistance.build({
      features: { needs: ['classify'], extract: (x) => x, fit: null, hash: () => null },
    });
    const { provenance } = describeProvenance(
      [{ entry: { type: 'frechet-distance' }, metric: own, columns: own.columns(2) }],
      data,
      counts,
      { classifier: 'c1', sampler: null },
      7,
    );
    expect(Object.values(provenance).map(({ hashes }) => hashes)).toEqual([{ classifier: 'c1' }, { classifier: 'c1' }]);
  });
});
