/** Networks of all four kinds: what goes in and out has the sizes that were asked for, with and without a condition. */
import * as tf from '@tensorflow/tfjs-core';
import type { Network, NetworkSizes, Scope, Shape } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { withBench, type Feeds, type Step } from '../bench.js';
import { buildSmall } from '../entries.js';
import type { Examination } from '../examination.js';
import { examine, probeSeed } from '../probe.js';
import { findDifference, normalFeed, sizeOf } from '../values.js';

export type NetworkKind = 'encoder' | 'decoder' | 'generator' | 'discriminator';

const count = 3;
const numCodes = 4;
const numConditions = 2;
/** Shapes of examples that networks are tried on: points, then images of growing size for those that want images. */
const shapes: readonly Shape[] = [[6], [8, 8, 1], [16, 16, 1], [32, 32, 1], [28, 28, 1]];

const sizesFor = (kind: NetworkKind, shape: Shape): NetworkSizes =>
  kind === 'encoder' || kind === 'discriminator'
    ? { input: shape, output: [kind === 'encoder' ? 2 * numCodes : 1] }
    : { input: [numCodes], output: shape };

/** The first sizes that it takes, of images rather than of points; null where it refuses all. */
const sizesOf = (kind: NetworkKind, network: Network): NetworkSizes | null => {
  const taken = shapes.map((shape) => sizesFor(kind, shape)).filter((sizes) => (network.refuses?.(sizes) ?? null) === null);
  return taken.find(({ input, output }) => input.length === 3 || output.length === 3) ?? taken[0] ?? null;
};

/** A product of fewer rows may be summed in another order. */
const aloneTolerance = 1e-5;

const firstOf = (feeds: Feeds): Feeds =>
  Object.fromEntries(
    Object.entries(feeds).map(
      ([
        name,
        {
          shape: [, ...inner],
          values,
        },
      ]) => {
        return [name, { shape: [1, ...inner], values: values.slice(0, sizeOf(inner)) }];
      },
    ),
  );

export const examineNetwork = async (
  examination: Examination,
  registry: Registry,
  kind: NetworkKind,
  component: AnyComponent<NetworkKind>,
): Promise<void> => {
  const network: Network = buildSmall(registry, component.kind, component);
  const sizes = sizesOf(kind, network);
  await examination.check('takes examples of some shape', () =>
    sizes === null ? `it refuses all of ${shapes.map((shape) => `[${shape.join(', ')}]`).join(', ')}` : null,
  );
  if (sizes === null) return;
  for (const condition of [0, numConditions]) {
    for (const training of [true, false]) {
      const asked: NetworkSizes = condition === 0 ? sizes : { ...sizes, condition };
      const feeds: Feeds = {
        x: normalFeed('x', [count, ...sizes.input]),
        ...(condition === 0 ? {} : { condition: normalFeed('condition', [count, condition]) }),
      };
      const what = [condition === 0 ? '' : 'with a condition', training ? 'training' : 'evaluating']
        .filter((word) => word !== '')
        .join(', ');
      const prepare = (scope: Scope): Step => {
        const layers = network.build(scope.child('network'), asked);
        return ({ x = tf.zeros([0]), condition: given }, pass) => {
          const { output, features } = layers.apply(x, pass, given);
          return { output, features, 'width of the features': tf.scalar(features.size / x.shape[0] - layers.numFeatures) };
        };
      };
      const outputs = await examine(examination, {
        what,
        feeds,
        training,
        prepare,
        differentiates: () => true,
        // The last layer's weights say what the features mean: all others are on the way to it.
        reachesAll: true,
      });
      if (outputs === null) return;
      await examination.check(`${what}: gives the size that was asked for`, () => {
        const got = outputs['output']?.length ?? 0;
        if (got !== count * sizeOf(sizes.output))
          return `asked for ${String(count)} of [${sizes.output.join(', ')}], it gives ${String(got)} numbers`;
        return outputs['width of the features']?.[0] === 0 ? null : 'it says another numFeatures than its features have';
      });
      // While it is trained it may compare the examples of a batch (as batch normalization does), and a discriminator may always.
      if (training || kind === 'discriminator') continue;
      await examination.check(`${what}: treats each example by itself`, () =>
        withBench('cpu', probeSeed, async (bench) => {
          const { output = [] } = await bench.run(firstOf(feeds), training, bench.variables.build(prepare));
          const difference = findDifference({ output }, { output: (outputs['output'] ?? []).slice(0, output.length) }, aloneTolerance);
          return difference === null ? null : `without the other examples of its batch, ${difference}`;
        }),
      );
    }
  }
};
