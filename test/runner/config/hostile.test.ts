/** Files that mean harm: each is refused, and at once. */
import { describe, expect, it } from 'vitest';
import { errorOf, valid } from './load-text.js';

/** Twelve anchors, each of ten aliases to the one before. */
const bomb = (first: string, wrap: (aliases: string) => string): string =>
  [
    `x-0: &a0 ${first}`,
    ...Array.from({ length: 12 }, (_, i) => `x-${i + 1}: &a${i + 1} ${wrap(Array.from({ length: 10 }, () => `*a${i}`).join(', '))}`),
  ].join('\n');

const lists = bomb('[lol]', (aliases) => `[${aliases}]`);
const maps = bomb('{ k: 1 }', (aliases) => `{ <<: [${aliases}] }`);

const hostile: readonly (readonly [string, string, string])[] = [
  ['lists of aliases that multiply', `${lists}\n${valid}`, 'too-complex'],
  ['merges of merges that multiply', `${maps}\n${valid}`, 'too-complex'],
  ['open brackets', `a: ${'['.repeat(100_000)}`, 'too-complex'],
  ['brackets that close', `a: ${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'too-complex'],
  ['maps in maps', '{a: '.repeat(20_000), 'too-complex'],
  ['deep blocks', Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'too-complex'],
  ['many values', `${valid}x-many: [${'1, '.repeat(30_000)}1]\n`, 'too-complex'],
  ['many faults', valid.replace('[50, 20]', `[${'0, '.repeat(5_000)}0]`), 'out-of-range'],
  ['an alias to itself', `${valid}x-a: &a [*a]\n`, 'bad-alias'],
  ['a merge of itself', `${valid}x-a: &a { <<: *a }\n`, 'bad-alias'],
  ['a function', `${valid}x-a: !!js/function 'function () {}'\n`, 'unknown-tag'],
  ['__proto__', `${valid}__proto__: { polluted: 1 }\n`, 'unknown-key'],
  ['constructor', `${valid}constructor: { prototype: { polluted: 1 } }\n`, 'unknown-key'],
  ['__proto__ inside', valid.replace('latent: 2', 'latent: 2\n  __proto__: { numSamples: 3 }'), 'unknown-key'],
  ['__proto__ as a merge', valid.replace('latent: 2', 'latent: 2\n  <<: { __proto__: { numSamples: 3 } }'), 'unknown-key'],
  ['__proto__ as a component', valid.replace('type: vae', 'type: __proto__'), 'unknown-component'],
];

describe('a hostile file', () => {
  it.each(hostile)('with %s is refused within two seconds', async (_, text, code) => {
    const start = performance.now();
    const error = await errorOf(text);
    expect(error.faults.map(({ fault }) => fault.code)).toContain(code);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(error.message.length).toBeLessThan(50_000);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
