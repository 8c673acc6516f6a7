import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openNpz } from '../../../src/components/shared/npz.js';
import { ramp } from './idx-bytes.js';
import { npyBytes } from './npy-bytes.js';
import { dataErrorOf, problem } from './rejection.js';

const bytes = zipSync({
  'x_train.npy': npyBytes([2, 3], ramp(6)),
  'y_train.npy': npyBytes([2], [0, 1]),
  'readme.txt': strToU8('not an array'),
  'pickled.npy': npyBytes([1], [], { descr: '|O' }),
});

describe('an NPZ archive', () => {
  it('has its arrays by name', () => {
    const npz = openNpz(bytes, 'a.npz');
    expect(npz.read('array', 'x_train')).toMatchObject({ file: 'array x_train of a.npz', shape: [2, 3], code: 'u1' });
    expect(npz.read('labels', 'y_train').shape).toEqual([2]);
  });

  it('tells the only array that is left', async () => {
    const npz = openNpz(bytes, 'a.npz');
    expect(npz.onlyBeside(['y_train', 'pickled'])).toBe('x_train');
    expect(await dataErrorOf(() => npz.onlyBeside(['y_train', null]))).toMatchObject(
      problem('several-arrays', { arrays: ['x_train', 'pickled'] }),
    );
    expect(await dataErrorOf(() => openNpz(zipSync({}), 'a.npz').onlyBeside([]))).toMatchObject(problem('several-arrays', { arrays: [] }));
  });

  it('says which arrays there are, and guesses the one that was meant', async () => {
    const error = await dataErrorOf(() => openNpz(bytes, 'a.npz').read('array', 'X-train'));
    expect(error).toMatchObject(problem('no-such-array', { suggestion: 'x_train', arrays: ['x_train', 'y_train', 'pickled'] }));
    expect(error.message).toMatchInlineSnapshot(`
      "a.npz has no array X-train, which \`array\` names; did you mean x_train?
      Its arrays are x_train, y_train, pickled."
    `);
  });

  it('refuses pickled objects, and reads the others all the same', async () => {
    expect(await dataErrorOf(() => openNpz(bytes, 'a.npz').read('array', 'pickled'))).toMatchObject(
      problem('python-objects', { file: 'array pickled of a.npz' }),
    );
  });

  it.each([new Uint8Array(0), npyBytes([2], [0, 1])])('is no other file', async (file) => {
    expect(await dataErrorOf(() => openNpz(file, 'a.npz'))).toMatchObject(problem('bad-archive', { file: 'a.npz' }));
  });
});
