/** Files that mean harm, or look as if: each with what it does and the code of a fault that it is refused by. */
import { valid } from './load-text.js';

/** Twelve anchors, each of ten aliases to the one before. */
const bomb = (first: string, wrap: (aliases: string) => string): string =>
  [
    `x-0: &a0 ${first}`,
    ...Array.from({ length: 12 }, (_, i) => `x-${i + 1}: &a${i + 1} ${wrap(Array.from({ length: 10 }, () => `*a${i}`).join(', '))}`),
  ].join('\n');

const lists = bomb('[lol]', (aliases) => `[${aliases}]`);
const maps = bomb('{ k: 1 }', (aliases) => `{ <<: [${aliases}] }`);

const tags = [
  '!!js/function',
  '!!js/regexp',
  '!!js/undefined',
  '!!python/object/apply:os.system',
  '!ruby/object:Gem',
  '!!binary',
  '!include',
  '!env',
];
const inherited = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf'];
const escapes = ['../../../etc/passwd', '/etc/passwd', '..', 'a/../../b', 'C:\\x', 'x\\..\\..\\y', '~/x'];

export type HostileText = readonly [what: string, text: string, code: string];

export const hostileTexts: readonly HostileText[] = [
  ['lists of aliases that multiply', `${lists}\n${valid}`, 'too-complex'],
  ['merges of merges that multiply', `${maps}\n${valid}`, 'too-complex'],
  ['open brackets', `a: ${'['.repeat(100_000)}`, 'too-complex'],
  ['brackets that close', `a: ${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'too-complex'],
  ['maps in maps', '{a: '.repeat(20_000), 'too-complex'],
  ['deep blocks', Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'too-complex'],
  ['many values', `${valid}x-many: [${'1, '.repeat(30_000)}1]\n`, 'too-complex'],
  ['many faults', valid.replace('[50, 20]', `[${'0, '.repeat(5_000)}0]`), 'out-of-range'],
  ['more text than any experiment', `${valid}x-a: "${'a'.repeat(2_000_000)}"\n`, 'too-complex'],
  ['a huge name', valid.replace('name: toy', `name: "${'A'.repeat(900_000)}"`), 'bad-pattern'],
  ['a huge name that nearly fits', valid.replace('name: toy', `name: "${'a-'.repeat(400_000)}!"`), 'bad-pattern'],
  ['a huge key', `${valid}"${'k'.repeat(900_000)}": 1\n`, 'yaml-syntax'],
  ['a huge key that YAML allows', `${valid}? "${'k'.repeat(900_000)}"\n: 1\n`, 'unknown-key'],
  ['a key of control characters', `${valid}"\\e[2J\\x07": 1\n`, 'unknown-key'],
  ['a huge component', valid.replace('type: vae', `type: ${'v'.repeat(900_000)}`), 'unknown-component'],
  ['a huge number', valid.replace('latent: 2', `latent: ${'9'.repeat(100_000)}`), 'wrong-type'],
  ['a number beyond all', valid.replace('latent: 2', 'latent: 1e999'), 'wrong-type'],
  ['a huge plug-in', `${valid}plugins: ["./${'p'.repeat(900_000)}.js"]\n`, 'bad-plugin'],
  ['an alias to itself', `${valid}x-a: &a [*a]\n`, 'bad-alias'],
  ['a merge of itself', `${valid}x-a: &a { <<: *a }\n`, 'bad-alias'],
  ['control characters', valid.replace('data: points', 'data: "po\\e[2Jints"'), 'unknown-component'],
  ...tags.map((tag): HostileText => [`the tag ${tag}`, `${valid}x-a: ${tag} 'function () {}'\n`, 'unknown-tag']),
  ...inherited.map((key): HostileText => [`${key} as a key`, `${valid}${key}: { polluted: 1 }\n`, 'unknown-key']),
  ...inherited.map((key): HostileText => [
    `${key} as a param`,
    valid.replace('latent: 2', `latent: 2\n  ${key}: { polluted: 1 }`),
    'unknown-key',
  ]),
  ...inherited.map((key): HostileText => [`${key} as a component`, valid.replace('type: vae', `type: ${key}`), 'unknown-component']),
  ['__proto__ as a merge', valid.replace('latent: 2', 'latent: 2\n  <<: { __proto__: { numSamples: 3 } }'), 'unknown-key'],
  ...escapes.map((path): HostileText => [`the name ${path}`, valid.replace('name: toy', `name: '${path}'`), 'bad-pattern']),
  ...escapes.map((path): HostileText => [
    `the plot ${path}`,
    valid.replace('type: samples', `type: samples\n    name: '${path}'`),
    'bad-pattern',
  ]),
  ...escapes.map((path): HostileText => [`the plug-in ${path}`, `${valid}plugins: ['${path}']\n`, 'bad-plugin']),
  ...['file:///etc/x.js', 'https://example.org/x.js', 'data:text/javascript,1', 'node:fs', 'fs', 'child_process', '__proto__'].map(
    (name): HostileText => [`the plug-in ${name}`, `${valid}plugins: ['${name}']\n`, 'bad-plugin'],
  ),
  ['a plug-in that is no text', `${valid}plugins: [{ require: fs }, 1, null]\n`, 'wrong-type'],
  ['a plug-in that is no list', `${valid}plugins: ./trap.mjs\n`, 'wrong-type'],
];
