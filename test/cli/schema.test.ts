import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { folderOf, scheduleModule } from '../plugins/support.js';
import { cli } from './cli.js';

const checkedIn = readFileSync(resolve(import.meta.dirname, '../../schema/experiment.schema.json'), 'utf8');
const folder = folderOf({
  'my-schedules.js': scheduleModule('one'),
  'package.json': '{ "type": "module" }',
  // Other mistakes do not matter here.
  'mine.yaml': 'plugins: [./my-schedules.js]\nmodle: 3\n',
});

it('prints what is checked in', () => {
  const { code, stdout } = cli(['schema'], folder);
  expect([code, stdout]).toEqual([0, checkedIn]);
});

it('writes the schema with the plug-ins of an experiment, and says its first line', () => {
  const { code, stdout } = cli(['schema', 'mine.yaml', '--output', 'schemas/mine.json'], folder);
  expect(code).toBe(0);
  expect(stdout).toContain('first line of mine.yaml:  # yaml-language-server: $schema=./schemas/mine.json');
  expect(readFileSync(join(folder, 'schemas/mine.json'), 'utf8')).toContain('"my-schedules/one"');
});

it('takes plug-ins as arguments, as the list of components does', () => {
  expect(cli(['schema', '--plugins', 'my-schedules.js'], folder).stdout).toContain('"my-schedules/one"');
  const { code, stdout } = cli(['components', 'schedule', '--json', '--plugins', './my-schedules.js'], folder);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ name: 'my-schedules/one', description: 'Stays at one.' }));
});

it.each([
  [['schema', '--plugins', './nothing.js'], 'there is no file'],
  [['schema', 'nothing.yaml'], 'there is no file'],
  [['components', '--plugins', './nothing.js'], 'there is no file'],
  [['schema', '--output', 'mine.yaml'], 'is no .json file'],
  [['schema', '--output', 'mine.yaml/schema.json'], 'cannot be written'],
])('ends with 2 for %j', (args, text) => {
  const { code, stderr } = cli(args, folder);
  expect(code).toBe(2);
  expect(stderr).toContain(text);
  expect(existsSync(join(folder, 'mine.yaml')) && readFileSync(join(folder, 'mine.yaml'), 'utf8')).toContain('modle');
});
