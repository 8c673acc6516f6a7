/** The documents that tests read, and the code blocks, commands and links in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

const markdownIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));

/** Written by people. */
const documents: readonly string[] = ['README.md', 'CONTRIBUTING.md', ...markdownIn('docs')];
/** Generated ones too. */
export const allDocuments: readonly string[] = [...documents, 'CHANGELOG.md', ...markdownIn('docs/reference')];

export const textOf = (document: string): string => readFileSync(join(root, document), 'utf8');

export interface Block {
  /** `docs/guide.md:21`, for messages. */
  readonly place: string;
  readonly document: string;
  readonly language: string;
  /** The file that the reader is to save it as, behind the language; null where none is named. */
  readonly file: string | null;
  readonly text: string;
}

/** Fenced blocks; those inside list items lose the item's indentation. */
const blocksOf = (document: string): readonly Block[] => {
  const source = textOf(document);
  return [...source.matchAll(/^( *)```(\w*)(?: (\S+))?\n(.*?)^ *```$/gms)].map(
    ({ 1: indent = '', 2: language = '', 3: file = null, 4: text = '', index }) => ({
      place: `${document}:${String(source.slice(0, index).split('\n').length + 1)}`,
      document,
      language,
      file,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
};

export const allBlocks = (language: string): readonly Block[] => documents.flatMap(blocksOf).filter((block) => block.language === language);

/** Prose without fenced blocks. */
const proseOf = (document: string): string => textOf(document).replaceAll(/^ *```.*?^ *```$/gms, '');

/** Lines of shell blocks without their comments, and code in the running text. */
export const commandTexts: readonly string[] = [
  ...allBlocks('sh').flatMap(({ text }) =>
    text
      .replaceAll(/ *\\\n */g, ' ')
      .split('\n')
      .map((line) => line.replace(/ +#.*$/, '')),
  ),
  ...documents.flatMap((document) => [...proseOf(document).matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')),
];

/** Targets of links and pictures that are not on the web. */
export const linksOf = (document: string): readonly string[] =>
  [
    ...proseOf(document)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map((match) => match[1] ?? '')
    .filter((target) => !target.includes('://'));

/** The anchors that headings get on GitHub. */
export const anchorsOf = (document: string): readonly string[] =>
  [...proseOf(document).matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
