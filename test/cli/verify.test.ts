/** `latentlab verify`: what it prints and how it ends, for a sound plug-in, one with mistakes, and none. */
import { expect, it } from 'vitest';
import { folderOf } from '../plugins/support.js';
import { cli } from './cli.js';

const module = (compute: string): string => `import { defineComponent, tf } from 'latentlab';
export const distance = defineComponent({
  kind: 'loss',
  name: 'distance',
  description: 'The mean squared distance of reconstructions from examples.',
  params: {},
  build: () => ({
    terms: [{ players: ['encoder', 'decoder'], needs: ['x', 'reconstruction'], sign: 'non-negative', compute: ({ x, reconstruction }) => ${compute} }],
  }),
});
`;
const folder = folderOf({
  'sound.mjs': module('tf.mean(tf.square(tf.sub(x, reconstruction)))'),
  'turned.mjs': module('tf.neg(tf.mean(tf.square(tf.sub(x, reconstruction))))'),
});

it('says ok of a sound plug-in, and everything when asked', () => {
  const { code, stdout, stderr } = cli(['verify', 'sound.mjs'], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^ok {2}loss sound\/distance {2}\(\d+ passed, 1 left out\)\n$/);
  expect(cli(['verify', './sound.mjs', '--verbose'], folder).stdout).toContain('  ok  gradients agree with finite differences\n');
});

it('says what does not hold, and ends with 1', () => {
  const { code, stdout, stderr } = cli(['verify', './turned.mjs'], folder);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^FAILED 1 check {2}loss turned\/distance .*\n {2}FAILED {2}has the declared sign: it declares that it is non-negative, and is -/,
  );
  expect(stderr).toBe('1 check failed in ./turned.mjs\n');
});

it('gives all of it as JSON', () => {
  const { stdout } = cli(['verify', './turned.mjs', '--json'], folder);
  const { findings, ...rest } = JSON.parse(stdout) as { readonly findings: readonly { readonly status: string }[] };
  expect(rest).toMatchObject({ plugin: './turned.mjs', version: null });
  expect(findings.filter(({ status }) => status === 'failed')).toHaveLength(1);
});

it('ends with 2 where there is no plug-in', () => {
  const { code, stderr } = cli(['verify', './none.mjs'], folder);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^latentlab: the plug-in "\.\/none\.mjs" cannot be used: there is no file "none\.mjs"\n/);
});
