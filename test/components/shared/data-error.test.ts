import { describe, expect, it } from 'vitest';
import { DataError, hasCode, reasonOf } from '../../../src/components/shared/data-error.js';

describe('a DataError', () => {
  it('carries its code and facts, and says where, what and the way out', () => {
    const facts = { file: 'a/train-images', firstBytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47) };
    const error = new DataError('not-idx', facts);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'DataError', code: 'not-idx', facts });
    expect(error.message).toMatchInlineSnapshot(`
      "a/train-images is not an IDX file: it begins with 89 50 4e 47 (".PNG"), an IDX file with 00 00, a type and a number of axes.
      Give an IDX file (http://yann.lecun.com/exdb/mnist), gzip-compressed or not."
    `);
  });

  it('lists what was tried', () => {
    const attempts = [
      { url: 'https://a.example/x.gz', reason: 'the server answered 404 Not Found' },
      { url: 'https://b.example/x.gz', reason: 'nothing came for 30 s' },
    ];
    expect(new DataError('download-failed', { file: 'x.gz', attempts, help: 'Put it there yourself.' }).message).toMatchInlineSnapshot(`
      "x.gz could not be downloaded:
        https://a.example/x.gz: the server answered 404 Not Found
        https://b.example/x.gz: nothing came for 30 s
      Put it there yourself."
    `);
    expect(new DataError('download-failed', { file: 'x.gz', attempts: [], help: 'Put it there yourself.' }).message).toMatchInlineSnapshot(`
      "x.gz could not be downloaded: no mirror is given.
      Put it there yourself."
    `);
  });

  it('lists where was looked', () => {
    const error = new DataError('missing-file', { file: 'x', lookedFor: ['a/x.gz', 'a/x'], help: 'Put it there.' });
    expect(error.message).toMatchInlineSnapshot(`
      "x was not found. Looked for:
        a/x.gz
        a/x
      Put it there."
    `);
  });
});

describe('reasonOf', () => {
  it('finds what is behind a failed fetch', () => {
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(reasonOf(new TypeError('fetch failed', { cause: refused }))).toBe('ECONNREFUSED');
    expect(reasonOf(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND a') }))).toBe('getaddrinfo ENOTFOUND a');
    expect(reasonOf(new Error('plain'))).toBe('plain');
    expect(reasonOf('text')).toBe('text');
    expect(reasonOf(new RangeError(''))).toBe('RangeError');
  });
});

describe('hasCode', () => {
  it('knows Node’s errors', () => {
    expect(hasCode(Object.assign(new Error('a'), { code: 'ENOENT' }), 'EACCES', 'ENOENT')).toBe(true);
    expect(hasCode(new Error('a'), 'ENOENT')).toBe(false);
    expect(hasCode('ENOENT', 'ENOENT')).toBe(false);
  });
});
