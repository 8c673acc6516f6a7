/** Lint rules: what the compiler cannot say. Layout is prettier's, layering is dependency-cruiser's, unused code is knip's. */
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Only a component definition is a default export; name this one.',
};

export default defineConfig(
  { ignores: ['dist/', 'results/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: ['./test/tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // It asks for `!`, which src/ does not have.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Letters of a subscript such as 'bij' are spread; no text of a user's is.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // Contracts are written as methods and made as closures: `this` is never used.
      '@typescript-eslint/unbound-method': 'off',
      // An index signature's key may be written either way; `process.env['X']` says that X is not known to exist.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // `param.nullable === true` reads better than the bare name where the type is the literal `true`.
      '@typescript-eslint/no-unnecessary-boolean-literal-compare': 'off',
      // Params must be a type alias: an interface is not assignable to an index signature, and a Record cannot be recursive.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // `Readonly<Record<never, never>>` is how a fault without facts is written.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // Structural typing is meant: ajv's fluent methods give back its core class.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    linterOptions: { noInlineConfig: true },
    rules: {
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true }],
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  {
    files: ['src/components/*/*.ts'],
    ignores: ['src/components/shared/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['src/components/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Draw from the random streams that the component is given.' },
        { object: 'Date', property: 'now', message: 'A component gives the same result whenever it runs.' },
        { object: 'process', property: 'env', message: 'What a component needs from outside is a param, or comes with the context.' },
      ],
    },
  },
  {
    // Declarations of what JavaScript has: their form is not ours.
    files: ['**/*.d.ts'],
    rules: { '@typescript-eslint/no-extraneous-class': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A test knows what it has just made; the assertion after it would fail first.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
