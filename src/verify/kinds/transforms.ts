/** Transforms: examples of the shape that their facts say, the same for the same draws, with the example itself left alone. */
import type { DataFacts } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { createRandomStreams } from '../../runner/random/index.js';
import { buildSmall } from '../entries.js';
import { Skipped, type Examination } from '../examination.js';
import { normalValues, sizeOf } from '../values.js';

/** Data that a transform is tried on; the first that it does not refuse. */
const candidates: readonly DataFacts[] = [
  { shape: [12, 10, 3], numClasses: 4, support: 'unit-interval' },
  { shape: [12, 10, 1], numClasses: 4, support: 'unit-interval' },
  { shape: [40, 40, 3], numClasses: 4, support: 'unit-interval' },
  { shape: [7], numClasses: null, support: 'unit-interval' },
  { shape: [7], numClasses: null, support: 'real' },
];

const random = createRandomStreams(5);

export const examineTransform = async (
  examination: Examination,
  registry: Registry,
  component: AnyComponent<'transform'>,
): Promise<void> => {
  const transform = buildSmall(registry, 'transform', component);
  const tried = candidates.map((data) => ({ data, facts: transform.facts(data) }));
  const fit = tried.flatMap(({ data, facts }) => ('message' in facts ? [] : [{ data, facts }]))[0];
  await examination.check('takes some data', () => {
    if (fit !== undefined) return null;
    const [first] = tried;
    throw new Skipped(
      `its example refuses all that is at hand: ${first !== undefined && 'message' in first.facts ? first.facts.message : ''}`,
    );
  });
  if (fit === undefined) return;
  const { data, facts } = fit;
  const example = normalValues('example', sizeOf(data.shape)).map((value) => 1 / (1 + Math.exp(-value)));
  const before = example.slice();
  const apply = (tick: number): Float32Array => {
    const out = new Float32Array(sizeOf(facts.shape)).fill(Number.NaN);
    transform.prepare(data)(example, out, random.draws('transform', tick));
    return out;
  };
  await examination.check('writes every value', () => {
    const at = apply(0).findIndex((value) => !Number.isFinite(value));
    return at < 0 ? null : `value ${String(at)} of [${facts.shape.join(', ')}] is not written, or is no number`;
  });
  await examination.check('leaves the example as it was', () => {
    apply(0);
    return example.every((value, i) => value === before[i]) ? null : 'it changes what it reads';
  });
  await examination.check('is deterministic per draw', () => {
    const [first, second] = [apply(3), apply(3)];
    return first.every((value, i) => value === second[i]) ? null : 'with the same draws it gives other values';
  });
  await examination.check('draws where it says so, and only there', () => {
    const results = Array.from({ length: 40 }, (_, tick) => apply(tick));
    const [first] = results;
    const varies = results.some((result) => result.some((value, i) => value !== first?.[i]));
    if (!transform.random && varies) return 'it says that it is not random, and gives other values for other draws';
    return transform.random && !varies ? 'it says that it is random, and gave the same values for 40 draws' : null;
  });
  await examination.check('keeps within the support that it names', () => {
    const values = [...apply(0)];
    const isWithin =
      facts.support === 'real' ||
      values.every((value) => value >= 0 && value <= 1 && (facts.support !== 'binary' || value === 0 || value === 1));
    return isWithin
      ? null
      : `it says that values are ${facts.support}, and they go from ${String(Math.min(...values))} to ${String(Math.max(...values))}`;
  });
};
