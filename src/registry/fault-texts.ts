/** The words for each fault: what is wrong, in the user's own words, and what would be right. The one place for prose. */
import { describeDefault, describeParams, describeType, joinWords } from './accepts.js';
import { offerDescriptions } from './contracts/index.js';
import type { ComponentName, Fault, FaultCode, Owner } from './faults.js';
import { kinds, type Kind } from './kinds.js';
import type { ItemParam, Param } from './params.js';
import { formatPath, type Path } from './path.js';
import { isSlipOf } from './suggest.js';
import { inline, showGiven } from './values.js';

export interface Prose {
  /** What is wrong; a clause, or a sentence with a question. */
  readonly what: string;
  /** The way out, a sentence or more; '' where `what` has said it. */
  readonly help: string;
}

/** A whole book can stand where a name is expected. */
const quote = (word: string): string => JSON.stringify(word.length > 100 ? `${word.slice(0, 97)}...` : word);
const names = (words: readonly string[], last: 'and' | 'or'): string => joinWords(words.map(quote), last);
const article = (word: string): string => `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
const didYouMean = (suggestion: string | null): string => (suggestion === null ? '' : `; did you mean ${quote(suggestion)}?`);
const title = ({ kind, name }: ComponentName): string => `${kind} ${quote(name)}`;

const ownerTitle = ({ component, inside }: Owner): string => {
  if (component === null) return inside === null ? 'an experiment' : quote(inside);
  return inside === null ? title(component) : `${quote(inside)} of ${title(component)}`;
};

/** The key that a value belongs to: `losses[1]` for an entry of a list. */
const subject = (path: Path): string => {
  const key = path.findLastIndex((part) => typeof part === 'string');
  const text = formatPath(path.slice(Math.max(key, 0)));
  return text.includes('[') ? text : quote(text);
};

const known = (kind: Kind, words: readonly string[]): string =>
  words.length === 0 ? `No ${kind} is known.` : `Known ${kinds[kind].folder}: ${words.join(', ')}.`;

/** 28x28x1, or "one number". */
const showShape = (shape: readonly number[]): string => (shape.length === 0 ? 'one number' : shape.join('x'));

const slotForms = (kind: Kind): string => {
  const number = kinds[kind].number === null ? '' : ', a number';
  return `${article(kind)}: its name${number}, or a map with its \`type\``;
};

const expected = (param: Param | ItemParam): string => {
  if ('component' in param) return slotForms(param.component);
  const type = describeType(param);
  return /^(number|integer|list|map)/.test(type) ? article(type) : type;
};

const about = (param: Param | ItemParam): string => {
  const value = describeDefault(param);
  return [param.description ?? '', value === null ? '' : `Default: ${value}.`].filter((text) => text !== '').join(' ');
};

/** Words that look right but are of another type: quoted numbers, unquoted words. */
const typeHint = (param: Param | ItemParam, given: unknown): string => {
  const type = 'type' in param ? param.type : null;
  if (typeof given === 'string' && (type === 'number' || type === 'integer') && given.trim() !== '' && Number.isFinite(Number(given)))
    return given.trim() === given ? 'Take the quotes away.' : `Write ${given.trim()} behind the colon.`;
  if (type === 'string' && (typeof given === 'number' || typeof given === 'boolean')) return `Quote it: ${quote(String(given))}.`;
  if (type === 'array' && given !== null && !Array.isArray(given)) return 'Put it in [ ].';
  return '';
};

const texts: { readonly [Code in FaultCode]: (facts: Fault<Code>['facts'], path: Path) => Prose } = {
  'missing-file': ({ file, suggestion }) => ({ what: `there is no file ${quote(file)}${didYouMean(suggestion)}`, help: '' }),
  'no-experiments': () => ({
    what: 'there is no experiment here: no file ends in .yaml or .yml',
    help: "Give a folder with experiments, files, or a pattern in quotes such as 'configs/**/vae-*.yaml'.",
  }),
  'unreadable-file': ({ reason }) => ({ what: `the file cannot be read: ${reason}`, help: '' }),
  'empty-file': () => ({ what: 'the file is empty', help: 'An experiment needs at least data, model, losses and training.' }),
  'yaml-syntax': ({ reason, help }) => ({ what: `this is not YAML 1.2: ${reason}`, help }),
  'multiple-documents': () => ({
    what: 'a second document begins here',
    help: 'One file holds one experiment: take the `---` away, or make two files.',
  }),
  'too-complex': ({ reason }) => ({ what: `this file is too complex for an experiment: ${reason}`, help: '' }),
  'not-a-map': ({ given }) => ({
    what: `an experiment is a map of keys and values, and this is ${showGiven(given)}`,
    help: 'It begins with lines such as `name: my-experiment`.',
  }),
  'bad-key': () => ({ what: 'a key must be a word', help: 'Lists, maps and aliases cannot be keys.' }),
  'duplicate-key': ({ key, firstLine }) => ({
    what: `${quote(key)} is here twice; line ${firstLine} has it first`,
    help: key === '<<' ? 'One merge key takes a list of maps: `<<: [*first, *second]`.' : 'Keep one of them.',
  }),
  'unknown-tag': ({ tag }) => ({
    what: `the tag ${tag} means nothing here`,
    help: 'Experiments are plain YAML: text, numbers, true, false, null, lists and maps.',
  }),
  'bad-alias': ({ alias, isCircular, anchors }) => ({
    what: isCircular ? `the alias *${alias} stands inside what it stands for` : `there is no anchor &${alias} above this alias`,
    help: isCircular || anchors.length === 0 ? '' : `Known anchors: ${anchors.join(', ')}.`,
  }),
  'bad-override': ({ reason }) => ({
    what: reason,
    help: 'A path is written as in --set training.epochs=10, --set losses[1].weight=0.5 or --set plots[+]=samples.',
  }),
  'bad-extends': ({ reason }) => ({ what: `this cannot be extended: ${reason}`, help: '' }),
  'bad-place': ({ reason }) => ({
    what: `this cannot be put there: ${reason}`,
    help: 'In a file that extends others a key may be a path, such as `losses[1].weight` or `plots[+]`.',
  }),
  'bad-reference': ({ text, reason, help }) => ({ what: `the reference in ${quote(text)} has no value: ${reason}`, help }),
  'unknown-key': ({ key, owner, params, suggestion, elsewhere }) => {
    const guess = elsewhere === null ? didYouMean(suggestion) : `; did you mean ${quote(formatPath(elsewhere))}?`;
    const takes = Object.keys(params).length === 0 ? 'It takes no parameters.' : `It takes ${describeParams(params)}.`;
    return { what: `${ownerTitle(owner)} has no parameter ${quote(key)}${guess}`, help: takes };
  },
  'missing-key': ({ key, owner, param }) => ({ what: `${ownerTitle(owner)} needs ${quote(key)}: ${expected(param)}`, help: about(param) }),
  'missing-type': ({ kind, known: words, mistyped }) => ({
    what: `this ${kind} does not say which: its "type" is missing${mistyped === null ? '' : `; it has ${quote(mistyped)}: did you mean "type"?`}`,
    help: known(kind, words),
  }),
  'wrong-type': ({ param, given }, path) => ({
    what: `${subject(path)} must be ${expected(param)}, and is ${showGiven(given)}`,
    help: [typeHint(param, given), about(param)].filter((text) => text !== '').join(' '),
  }),
  'out-of-range': ({ param, given }, path) => ({
    what: `${subject(path)} must be ${expected(param)}, and is ${inline(given)}`,
    help: about(param),
  }),
  'bad-length': ({ param, length }, path) => ({
    what: `${subject(path)} must be ${expected(param)}, and has length ${length}`,
    help: about(param),
  }),
  'not-one-of': ({ param, given, options, suggestion }, path) => ({
    what: `${subject(path)} cannot be ${inline(given)}${didYouMean(suggestion)}`,
    help: `It is one of ${joinWords(options.map(inline), 'and')}. ${about(param)}`.trim(),
  }),
  'unread-value': ({ key, param, given, wanted }) => ({
    what: `nothing reads ${quote(key)} here, since ${quote(param)} is ${inline(given)}`,
    help: `It is read where ${quote(param)} is ${joinWords(wanted, 'or')}: change that, or take this away.`,
  }),
  'bad-pattern': ({ param, given, pattern }, path) => ({
    what: `${subject(path)} cannot be ${showGiven(given)}: it must match ${pattern}`,
    help: about(param),
  }),
  'unknown-component': ({ kind, name, known: words, suggestion, otherKinds }) => {
    const isSlip = suggestion !== null && isSlipOf(name, suggestion);
    const other = `there is ${joinWords(otherKinds.map(article), 'and')} ${quote(name)}, but this is ${article(kind)}`;
    const guess = isSlip || otherKinds.length === 0 ? didYouMean(suggestion) : `; ${other}`;
    const more = isSlip && otherKinds.length > 0 ? `${other.charAt(0).toUpperCase()}${other.slice(1)}. ` : '';
    return { what: `there is no ${kind} ${quote(name)}${guess}`, help: more + known(kind, words) };
  },
  'exactly-one': ({ owner, keys, given }) => ({
    what:
      given.length === 0
        ? `${ownerTitle(owner)} needs ${names(keys, 'or')}`
        : `${ownerTitle(owner)} has ${names(given, 'and')}, and only one of them can be`,
    help: given.length === 0 ? '' : 'Keep one of them.',
  }),
  'same-name': ({ what, name, other }) => ({
    what: `this gives a ${what} ${quote(name)}, and so does ${formatPath(other)}`,
    help: 'Give one of them a name of its own with `name:`.',
  }),
  'not-offered': ({ component, model, missing, fitting }) => ({
    what: `${title(component)} needs ${joinWords(
      missing.map((need) => offerDescriptions[need]),
      'and',
    )}, which model ${quote(model)} does not offer`,
    help:
      fitting.length === 0
        ? 'Leave it out, or take another model.'
        : `Model ${quote(model)} goes with these ${kinds[component.kind].folder}: ${fitting.join(', ')}.`,
  }),
  'no-player': ({ component, model, wanted, players }) => ({
    what: `${title(component)} is minimised by ${joinWords(wanted, 'or')}, which model ${quote(model)} does not have`,
    help: players.length === 0 ? 'It has nothing to train.' : `Its players: ${players.join(', ')}.`,
  }),
  misfit: ({ component, message, help }) => ({ what: `${title(component)} ${message}`, help }),
  unsound: ({ component, message, help }) => ({ what: `${title(component)} ${message}`, help }),
  'wrong-shape': ({ component, what, gives, wanted, data }) => ({
    what: `${title(component)} gives ${what === 'output' ? '' : `${article(what)} of `}${showShape(gives)}, and ${
      data !== null && data.join() === wanted.join() ? `the data is ${showShape(data)}` : `${showShape(wanted)} is asked for`
    }`,
    help:
      data === null || data.join() === wanted.join()
        ? 'Its `build` is told the sizes: what it computes must have them, behind the axis of the examples.'
        : `The data is ${showShape(data)}, and the last axis holds the parameters of the likelihood.`,
  }),
  'not-computable': ({ component, reason }) => ({
    what: `${title(component)} cannot be computed: ${reason}`,
    help: '',
  }),
  'no-gradient': ({ component, player, variables, isAll }) => ({
    what: isAll
      ? `no loss depends on ${title(component)}, so there is nothing that ${player} could learn there`
      : `no loss depends on ${names(variables, 'and')} of ${title(component)}, so there is nothing that ${player} could learn there`,
    help: isAll
      ? 'Add a loss that reaches it (a VAE needs reconstruction and kl), take the part out of the model, or freeze it (training.freeze).'
      : 'What it computes does not use them: mend the component, or freeze them (training.freeze).',
  }),
  'bad-sweep': ({ reason, help, suggestion }) => ({ what: `${reason}${didYouMean(suggestion)}`, help }),
  'several-runs': ({ file, names: runs }) => ({
    what: `this file declares ${runs.length === 0 ? 'several' : String(runs.length)} runs, and a single one is wanted`,
    help: `\`latentlab plan ${file}\` lists them, \`latentlab batch ${file}\` trains them all, and \`latentlab run ${file} --variant ${runs[0] ?? 'NAME'}\` trains one.`,
  }),
  'no-such-run': ({ name, known: runs, suggestion }) => ({
    what: `the file declares no run ${quote(name)}${didYouMean(suggestion)}`,
    help:
      runs.length === 0
        ? 'It has neither `sweep` nor `seeds`, and a single run: leave --variant out.'
        : `It declares ${String(runs.length)}: ${runs.slice(0, 10).join(', ')}${runs.length > 10 ? ', ... (`latentlab plan` lists them all)' : ''}.`,
  }),
  'bad-plugin': ({ plugin, reason, help }) => ({ what: `the plug-in ${quote(plugin)} cannot be used: ${reason}`, help }),
};

/** The text of a fault, without its place. */
export const write = <Code extends FaultCode>(fault: Fault<Code>): Prose => {
  const text = texts[fault.code];
  return text(fault.facts, fault.path);
};
