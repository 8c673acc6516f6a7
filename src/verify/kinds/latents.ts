/** Codes that generators start from: their size, the names of their draws, and what is inferred of them. */
import type { Noise } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { withBench } from '../bench.js';
import { buildSmall } from '../entries.js';
import { Skipped, type Examination } from '../examination.js';
import { examine } from '../probe.js';
import { normalValues } from '../values.js';

const count = 6;
const drawName = 'code';

/** Notes the names that are drawn. */
const watched = (noise: Noise, names: string[]): Noise => {
  const note =
    (draw: Noise['normal']): Noise['normal'] =>
    (name, shape) => {
      names.push(name);
      return draw(name, shape);
    };
  return { normal: note(noise.normal), uniform: note(noise.uniform) };
};

export const examineLatent = async (examination: Examination, registry: Registry, component: AnyComponent<'latent'>): Promise<void> => {
  const latent = buildSmall(registry, 'latent', component);
  const { size, inference } = latent;
  const outputs = await examine(examination, {
    what: '',
    feeds: {},
    training: true,
    prepare: (scope) => {
      const parameters = scope.child('given').variable('parameters', [count, inference?.numParameters ?? 1], (out) => {
        out.set(normalValues('parameters', out.length));
      });
      return (_, { noise }) => {
        const codes = latent.sample(noise, drawName, count);
        return { codes, ...(inference === null ? {} : { logProb: inference.logProb(codes, parameters) }) };
      };
    },
    differentiates: inference === null ? null : () => true,
    reachesAll: true,
  });
  if (outputs === null) return;
  await examination.check('gives the sizes of its contract', () => {
    const { codes, logProb } = outputs;
    if (codes?.length !== count * size) return `${String(count)} codes of size ${String(size)} are ${String(codes?.length)} numbers`;
    return logProb === undefined || logProb.length === count
      ? null
      : `logProb gives ${String(logProb.length)} numbers for ${String(count)} codes`;
  });
  await examination.check('names its draws by the name that it is given', async () => {
    const names: string[] = [];
    await withBench('cpu', 1, (bench) =>
      bench.run({}, false, (_, { noise }) => ({ codes: latent.sample(watched(noise, names), drawName, count) })),
    );
    const other = names.find((name) => name !== drawName && !name.startsWith(`${drawName}-`));
    return other === undefined ? null : `asked for "${drawName}", it draws "${other}": two latents side by side would share their noise`;
  });
  await examination.check('differs from code to code', () => {
    const { codes = [] } = outputs;
    if (size === 0) throw new Skipped('it has no numbers');
    return codes.some((value, i) => value !== codes[i % size]) ? null : 'all codes are the same';
  });
};
