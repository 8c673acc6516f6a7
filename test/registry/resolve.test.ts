import { describe, expect, it } from 'vitest';
import { defineComponent } from '../../src/registry/define.js';
import { Registry } from '../../src/registry/registry.js';
import { resolveEntry } from '../../src/registry/resolve.js';
import { toyComponents } from './toy-components.js';

const registry = new Registry(toyComponents);
const codes = (input: unknown, kind: 'model' | 'loss' | 'plot' | 'schedule' | 'optimizer' = 'loss') =>
  resolveEntry(registry, kind, input).faults.map(({ code, path }) => `${code} ${path.join('.')}`);

describe('resolveEntry', () => {
  it('completes a bare name, type first, then params in their order', () => {
    const { value, faults } = resolveEntry(registry, 'loss', 'beta-kl');
    expect(faults).toEqual([]);
    expect(JSON.stringify(value)).toBe('{"type":"beta-kl","beta":1,"freeNats":0,"weight":{"type":"constant","value":1},"name":null}');
  });

  it('orders params as declared, whatever the order of the input', () => {
    const { value } = resolveEntry(registry, 'loss', { freeNats: 2, weight: 3, beta: 1, type: 'beta-kl' });
    expect(Object.keys(value)).toEqual(['type', 'beta', 'freeNats', 'weight', 'name']);
  });

  it('takes a number for a schedule, and for nothing else', () => {
    expect(resolveEntry(registry, 'schedule', 0.5).value).toEqual({ type: 'constant', value: 0.5 });
    expect(codes(0.5)).toEqual(['wrong-type ']);
  });

  it("takes a map without a type for the slot's default component", () => {
    const withOptimizer = defineComponent({
      kind: 'plot',
      name: 'with-optimizer',
      description: 'Has a slot with a default.',
      params: { optimizer: { component: 'optimizer', default: 'adam', description: 'A slot.' } },
      build: () => ({ needs: [], prepare: () => Promise.reject(new Error('never run')) }),
    });
    const { value, faults } = resolveEntry(new Registry([...toyComponents, withOptimizer]), 'plot', {
      type: 'with-optimizer',
      optimizer: { beta1: 0.5 },
    });
    expect(faults).toEqual([]);
    expect(value['optimizer']).toEqual({ type: 'adam', learningRate: { type: 'constant', value: 0.001 }, beta1: 0.5 });
    expect(codes({ weight: 1 })).toEqual(['missing-type ']);
  });

  it('fills the map of a union', () => {
    expect(resolveEntry(registry, 'plot', { type: 'curve', metrics: ['elbo'], size: { height: 2 } }).value['size']).toEqual({
      width: 600,
      height: 2,
    });
  });

  it('goes down all slots and finds every fault', () => {
    expect(
      codes(
        {
          type: 'vae',
          latent: 0,
          encoder: { type: 'mlp', hidden: [1, 'x'], activation: 'relo' },
          decoder: { type: 'pixel-grid' },
          likelihood: 5,
          prior: 'mlp',
        },
        'model',
      ).sort(),
    ).toEqual([
      'missing-key decoder',
      'not-one-of encoder.activation',
      'out-of-range latent',
      'unknown-component prior.type',
      'wrong-type encoder.hidden.1',
      'wrong-type likelihood',
    ]);
  });

  it('tells a mistyped key once, not also as a missing one', () => {
    expect(codes({ type: 'linear-warmup', epoch: 3 }, 'schedule')).toEqual(['unknown-key epoch']);
  });

  it("chooses the branch of a union that the value's type leaves", () => {
    expect(codes({ type: 'curve', metrics: ['elbo'], at: ['stat', -1, true], size: { width: 0 } }, 'plot').sort()).toEqual([
      'not-one-of at.0',
      'out-of-range at.1',
      'out-of-range size.width',
      'wrong-type at.2',
    ]);
  });

  it('names other kinds that have the component', () => {
    const [fault] = resolveEntry(registry, 'likelihood' as const, 'mlp').faults;
    expect(fault?.facts).toMatchObject({ otherKinds: ['encoder', 'decoder'], known: ['bernoulli'] });
  });

  it('leaves its input as it is', () => {
    const input = { type: 'vae', latent: 2, encoder: { type: 'mlp', hidden: [3] } };
    const before = structuredClone(input);
    Object.freeze(input);
    Object.freeze(input.encoder);
    resolveEntry(registry, 'model', input);
    expect(input).toEqual(before);
  });

  it('says which values are defaults, and whose', () => {
    const { defaults } = resolveEntry(registry, 'model', { type: 'vae', latent: 2, encoder: 'mlp' });
    expect(defaults.get('/decoder')).toEqual({ kind: 'model', name: 'vae' });
    expect(defaults.get('/encoder/hidden')).toEqual({ kind: 'encoder', name: 'mlp' });
    expect(defaults.has('/latent')).toBe(false);
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])('refuses the inherited key %s', (key) => {
    const input: unknown = JSON.parse(`{"type": "beta-kl", "${key}": {"beta": 2}}`);
    expect(codes(input)).toEqual([`unknown-key ${key}`]);
    expect(codes({ type: key })).toEqual(['unknown-component type']);
  });
});
