import { describe, expect, it } from 'vitest';
import { decodeSplits } from '../../../src/components/shared/image-files.js';
import { plain } from './image-bytes.js';
import { dataErrorOf, problem } from './rejection.js';
import { temporaryFolder, writeInto } from './temporary.js';

describe('decodeSplits', () => {
  it('says that images are too many for the memory, before it decodes more than one', async () => {
    const folder = temporaryFolder();
    const file = writeInto(folder, 'a.png', plain(1, 1, 1));
    const files = Array.from({ length: 1_000_000 }, () => file);
    const train = { folder, files, classNames: null, labels: null, others: 0 };
    const rows = { train: Int32Array.of(0, 1), validation: new Int32Array(0), test: new Int32Array(0) };
    const wanted = { size: [1500, 1500], channels: 1, fit: 'cover' } as const;
    const error = await dataErrorOf(() => decodeSplits({ train, validation: null, test: null }, rows, wanted, () => undefined));
    expect(error).toMatchObject(problem('too-many-pixels', { folder, bytes: 1_000_000 * 1500 * 1500 }));
    expect(error.message).toContain('2095.5 GB');
  });
});
