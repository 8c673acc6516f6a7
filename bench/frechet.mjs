// The Frechet distance between 10,000 rows and as many, 64 features each, as the metric takes it.
// Usage: frechet.mjs; see peers/protocol.py for what it says and hears.
import { createMoments, frechetDistance } from '../dist/components/shared/gaussian-moments.js';
import { createRandomStreams } from '../dist/runner/random/index.js';
import { serve } from './serve.mjs';

const [count, width, batch] = [10_000, 64, 500];
const random = createRandomStreams(1);
const rows = (name) => {
  const values = new Float32Array(count * width);
  random.draws(name, 0).normal(values);
  return values;
};
const sets = [rows('real'), rows('fake')];

const moments = (values) => {
  const sums = createMoments(width);
  for (let from = 0; from < count; from += batch) sums.add(values.subarray(from * width), batch);
  return sums.result();
};
const step = () => frechetDistance(...sets.map(moments));

await serve(`Node ${process.version}`, step);
