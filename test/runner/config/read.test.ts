import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/registry/errors.js';
import { lookForFiles } from '../../../src/runner/config/find-files.js';
import { readSource } from '../../../src/runner/config/read.js';
import { writeInto } from '../../components/shared/temporary.js';
import { temporaryFolder } from '../output/support.js';
import { loadText, valid } from './load-text.js';

const messageOf = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'nothing';
};

describe('a file', () => {
  it.runIf(existsSync('/dev/zero'))('without an end is refused like one that is too large', async () => {
    expect(await messageOf(readSource('/dev/zero'))).toContain('it is larger than 1000000 bytes');
  });

  it('of other bytes than UTF-8 is told where they begin', async () => {
    const file = writeInto(temporaryFolder(), 'it.yaml', Buffer.from('a: 1\nb: é\nc: caf\xe9\n', 'latin1'));
    expect(await messageOf(readSource(file))).toContain('it is not UTF-8 text, from line 2 on');
    const plain = writeInto(
      temporaryFolder(),
      'it.yaml',
      Buffer.concat([Buffer.from('a: é\nb: '), Buffer.from([0xe9]), Buffer.from('\n')]),
    );
    expect(await messageOf(readSource(plain))).toContain('from line 2 on');
  });
});

describe('a name without its ending', () => {
  it.each([
    ['q', 'q.yaml'],
    ['long-name', 'long-name.yml'],
    ['lnog-name', 'long-name.yml'],
    ['q.yml', 'q.yaml'],
    ['long-name.json', 'long-name.yml'],
  ])('%s means %s', async (name, meant) => {
    const folder = temporaryFolder();
    for (const file of ['q.yaml', 'qq.yaml', 'long-name.yml', 'q.txt']) writeInto(folder, file, valid);
    const error: unknown = await readSource(join(folder, name)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    if (error instanceof ConfigError)
      expect(error.faults).toMatchObject([{ fault: { code: 'missing-file', facts: { suggestion: join(folder, meant) } } }]);
    expect((await lookForFiles([join(folder, name)])).faults).toMatchObject([{ fault: { facts: { suggestion: join(folder, meant) } } }]);
  });
});

describe('the way out', () => {
  it.each([
    ['of a quoted number', valid.replace('latent: 2', 'latent: "2"'), 'Take the quotes away.'],
    ['of a number that is a block of text', valid.replace('latent: 2', 'latent: |\n    2'), 'Write 2 behind the colon.'],
    [
      'of a second merge key',
      `x-a: &a { hidden: [3] }\n${valid.replace('{ type: mlp, hidden: [50, 20] }', '{ <<: *a, <<: *a, type: mlp }')}`,
      'One merge key takes a list of maps: `<<: [*first, *second]`.',
    ],
  ])('%s is said', async (_, text, words) => {
    expect(await messageOf(loadText(text))).toContain(words);
  });
});
