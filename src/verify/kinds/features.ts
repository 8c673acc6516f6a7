/** Features: a row of one width for each example, whatever batch it is in, and the same hash each time. */
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { buildSmall } from '../entries.js';
import type { Examination } from '../examination.js';
import { examine } from '../probe.js';
import { createHostData } from './host-data.js';
import { batch, findHosts, forwardOf, hostFeeds } from './hosts.js';

export const examineFeatures = async (examination: Examination, registry: Registry, component: AnyComponent<'features'>): Promise<void> => {
  const features = buildSmall(registry, 'features', component);
  await examination.tryEach(findHosts(registry, { needs: ['x', 'generate', ...features.needs] }).slice(0, 1), async (host, trial) => {
    const outputs = await examine(trial, {
      what: '',
      feeds: hostFeeds,
      training: false,
      prepare: (scope) => {
        const forward = forwardOf(host, scope);
        return (inputs, pass) => {
          const offers = forward(inputs, pass);
          return { rows: features.extract(offers.x, offers) };
        };
      },
      differentiates: null,
      reachesAll: false,
    });
    const rows = outputs?.['rows'];
    if (rows === undefined) return;
    await trial.check('gives a row for each example', () => {
      const projection = features.fit?.(createHostData()) ?? null;
      const [given, width] =
        projection === null
          ? [rows.length, Math.round(rows.length / batch)]
          : [projection.apply(Float32Array.from(rows), batch).length, projection.width];
      return width > 0 && given === batch * width ? null : `${String(batch)} examples give ${String(given)} numbers`;
    });
    await trial.check('has the same hash each time', () => {
      const [first, second] = [features.hash(createHostData()), features.hash(createHostData())];
      return first === second ? null : `its hash is ${String(first)}, then ${String(second)}`;
    });
  });
};
