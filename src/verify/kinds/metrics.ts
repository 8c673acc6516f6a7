/** Metrics: per-example values that are the same however a split is cut into batches, and a number for each column. */
import type { Metric } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { prefixNoise } from '../../runner/train/noise.js';
import { measureUnrolled } from '../../runner/train/repeat.js';
import type { Numbers } from '../bench.js';
import { buildSmall } from '../entries.js';
import type { Examination } from '../examination.js';
import { examine } from '../probe.js';
import { createHostData } from './host-data.js';
import { batch, findHosts, forwardOf, hostFeeds, type Host } from './hosts.js';

/** Of each repetition: all do the same, and a graph of all is large. */
const runsTried = 2;

/** Rows of one batch; what is behind `count` is no number, as what is left over in a last batch must not count. */
const rowsFrom = (outputs: Numbers, from: number, count: number): Readonly<Record<string, Float32Array>> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, values]) => {
      const width = values.length / batch;
      const rows = new Float32Array(values.length).fill(Number.NaN);
      rows.set(values.slice(from * width, (from + count) * width));
      return [name, rows];
    }),
  );

const reduce = (metric: Metric, latent: number, outputs: Numbers, cuts: readonly number[]): readonly number[] => {
  const reducer = metric.reducer(latent, createHostData());
  let from = 0;
  for (const count of cuts) {
    reducer.add(rowsFrom(outputs, from, count), count);
    from += count;
  }
  return reducer.result();
};

const isNear = (a: number, b: number): boolean => (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= 1e-5 * (1 + Math.abs(b));

export const examineMetric = async (examination: Examination, registry: Registry, component: AnyComponent<'metric'>): Promise<void> => {
  const metric = buildSmall(registry, 'metric', component);
  await examination.tryEach(findHosts(registry, { needs: metric.needs }), (host, trial) => examineOn(host, metric, component.name, trial));
};

const examineOn = async (host: Host, metric: Metric, name: string, examination: Examination): Promise<void> => {
  const { latent } = host.model;
  const columns = metric.columns(latent);
  await examination.check('has columns of different names', () => {
    const names = columns.map((column) => column.name);
    if (names.length === 0) return 'it has no columns';
    const bad = names.find((each, i) => names.indexOf(each) !== i || !/^[a-z0-9][a-z0-9.-]*$/.test(each));
    return bad === undefined ? null : `"${bad}" is there twice, or is not lower-case words with hyphens and dots`;
  });
  const outputs = await examine(examination, {
    what: '',
    feeds: hostFeeds,
    training: false,
    prepare: (scope) => {
      const forward = forwardOf(host, scope);
      return (inputs, pass) => measureUnrolled(metric, forward(inputs, pass), prefixNoise(pass.noise, `metric/${name}`), runsTried);
    },
    differentiates: null,
    reachesAll: false,
  });
  if (outputs === null) return;
  await examination.check('measures each example', () => {
    const bad = Object.entries(outputs).find(([, values]) => values.length === 0 || values.length % batch !== 0);
    return bad === undefined ? null : `${bad[0]} has ${String(bad[1].length)} numbers for ${String(batch)} examples`;
  });
  await examination.check('gives a number for each column', () => {
    const result = reduce(metric, latent, outputs, [batch]);
    return result.length === columns.length ? null : `it has ${String(columns.length)} columns, and gives ${String(result.length)} numbers`;
  });
  await examination.check('is the same however a split is cut into batches', () => {
    const whole = reduce(metric, latent, outputs, [batch]);
    const cut = reduce(metric, latent, outputs, [1, batch - 1]);
    const at = whole.findIndex((value, i) => !isNear(cut[i] ?? Number.NaN, value));
    return at < 0
      ? null
      : `${columns[at]?.name ?? ''} is ${String(whole[at])} at once, and ${String(cut[at])} in two batches, the rest of each filled with NaN`;
  });
};
