/** What is said of text that is no YAML: the line that its author would change, and what to write there. */
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/registry/errors.js';
import { parseSource } from '../../../src/runner/config/read.js';

const faultsOf = (source: string): readonly string[] => {
  try {
    parseSource('it.yaml', source);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ fault, place }) => {
      const span = place.kind === 'file' ? place.span : null;
      const { reason = '', help = '' } = fault.code === 'yaml-syntax' ? fault.facts : {};
      return `${String(span?.line)}:${String(span?.col)} ${reason} | ${help}`;
    });
  }
  return [];
};

describe('text that is no YAML', () => {
  // [what, text, line and column, a part of what is said]
  it.each([
    ['a line too far to the right', 'model:\n  latent: 2\n    encoder: mlp\n', '3:5', 'further to the right than the one above it'],
    ['the same behind a comment', 'seed: 1\n\n# why\n data: points\n', '4:2', 'another column'],
    ['a line too far to the left', 'model:\n    type: vae\n  latent: 2\n', '3:1', 'another column than those it belongs to'],
    ['a key beside the entries of a list', 'losses:\n  - type: kl\n  weight: 3\n', '3:1', 'another column'],
    ['no comma', 'e: { type: mlp hidden: [3] }\n', '1:12', 'a comma is missing here'],
    ['no bracket at the end', 'e: { hidden: [3, 4 }\n', '1:20', '"[" is not closed before this | Put "]" behind'],
    ['no brace at the end', 'e: { hidden: [3]\nf: 3\n', '2:1', '"{" is not closed before this | Put "}" behind'],
    ['a brace too many', 'e: { type: mlp }}\n', '1:17', 'nothing open that this would close'],
    ['no quote at the end', 'a: 1\nb: "two\nc: 3\n', '2:4', 'this quote is not closed'],
    ['words behind a quote', 'name: "a" b\n', '1:11', 'behind the end of this value'],
    ['no space behind a colon', 'model:\n  latent:20\n  x: 3\n', '2:3', 'a colon needs a space behind it | Write `latent: 20`.'],
    ['no colon', 'seed 1\ndata: x\n', '1:1', 'a key without a colon'],
    ['an equals sign', 'seed = 1\ndata: x\n', '1:1', 'Write `key: value`'],
    ['a colon in a text', 'description: a: b\n', '1:14', 'a text with a colon and a space in it needs quotes'],
    ['a tab', 'model:\n\tlatent: 3\n', '2:1', 'a tab stands where the line begins | Indent with spaces.'],
    ['a reserved character', 'name: @foo\n', '1:7', 'Put quotes around the text.'],
    ['a lonely asterisk', 'metrics: [*]\n', '1:11', 'A * begins an alias.'],
    ['a list behind its key', 'losses: - kl\n', '1:9', 'begins on a line of its own'],
    ['a backslash', 'name: "a\\d"\n', '1:9', 'begins an escape'],
    ['a reference without quotes', 'a: { b: ${c.d} }\n', '1:10', 'a reference needs quotes'],
    ['lines that Windows ends', 'seed: 1\r\n data: points\r\n', '2:2', 'further to the right'],
  ])('with %s is told at its line, once', (_, text, place, words) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.startsWith(`${place} `), faults[0]).toBe(true);
    expect(faults[0]).toContain(words);
  });
});
