/** Samplers: as many codes as are asked for, the same each time, and where the fitted ones lie. */
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { createStudio } from '../../runner/train/studio.js';
import { withBench } from '../bench.js';
import { buildSmall } from '../entries.js';
import type { Examination } from '../examination.js';
import { normalValues } from '../values.js';
import { createHostData } from './host-data.js';

const latent = 2;
const numCodes = 60;
const numSamples = 40;
/** Far from zero, where codes come to lie that were drawn from a standard normal distribution. */
const center = 50;

const codes = (): Float32Array => Float32Array.from(normalValues('codes', numCodes * latent), (value) => center + value);

const unread = (): never => {
  throw new Error('it asks for the model, of which it has the codes');
};

const draw = (registry: Registry, component: AnyComponent<'sampler'>): Promise<Float32Array> =>
  withBench('cpu', 1, async ({ engine, random }) => {
    const parts = { engine, data: createHostData(), forward: unread, latent, random, columns: [], history: [], fittedCodes: null };
    const fit = await buildSmall(registry, 'sampler', component).prepare(createStudio(parts, 'sampler', component.name), numCodes);
    const sample = await fit({ values: codes(), size: latent }, random.draws('fit', 0));
    const out = new Float32Array(numSamples * latent).fill(Number.NaN);
    await sample(out, random.draws('codes', 0));
    return out;
  });

export const examineSampler = async (examination: Examination, registry: Registry, component: AnyComponent<'sampler'>): Promise<void> => {
  const drawn: Float32Array[] = [];
  await examination.check('fills what it is given with numbers', async () => {
    const values = await draw(registry, component);
    drawn.push(values);
    const bad = values.find((value) => !Number.isFinite(value));
    return bad === undefined ? null : `of ${String(values.length)} numbers one is ${String(bad)}`;
  });
  const [values] = drawn;
  if (values === undefined || examination.hasFailed) return;
  await examination.check('is deterministic per seed', async () => {
    const again = await draw(registry, component);
    return values.every((value, at) => value === again[at]) ? null : 'fitted again to the same codes, it draws others';
  });
  await examination.check('draws codes where the fitted ones lie', () => {
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    return Math.abs(mean - center) < 2 ? null : `codes about ${String(center)} give samples about ${mean.toFixed(1)}`;
  });
};
