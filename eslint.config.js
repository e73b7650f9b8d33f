import eslint from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['node_modules/', '.cache/', 'out/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      // The compiler knows what is defined.
      'no-undef': 'off',
      // File formats have control characters in their patterns.
      'no-control-regex': 'off',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='only'][callee.object.name=/^(describe|test|it)$/]",
          message: 'A focused test hides all others. Remove .only.',
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/strict-boolean-expressions': ['error', { allowNullableBoolean: true, allowNullableString: true }],
      // A suppressed error is a debt: the reason stands beside it.
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 },
      ],
      // Numbers are safe in templates, and String(n) around each one hides the sentence.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `(done) => send(done)` is the short form of a listener.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // `while (true)` with a break in the middle is the plainest form of a read loop.
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'all' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'svelte/block-lang': ['error', { script: ['ts', null] }],
      'svelte/button-has-type': 'error',
      'svelte/no-target-blank': 'error',
      // It is for SvelteKit, whose router this window does not have.
      'svelte/no-navigation-without-resolve': 'off',
      // Sets and maps that only remember are cheaper plain; what is drawn is `$state`.
      'svelte/prefer-svelte-reactivity': 'off',
      // `void value` in an effect names what it depends on.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Props are declared by `let` or `const` as a whole; those that are bound need `let`.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
    },
  },
  {
    files: ['**/*.svelte'],
    rules: {
      // The parser does not type the events of templates; svelte-check does.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "SvelteAttribute[key.name='style']",
          message: 'The Content-Security-Policy blocks style attributes. Use a class, or a `style:name={value}` directive.',
        },
      ],
    },
  },
  {
    // Loops over typed arrays stay inside bounds they have computed; a check at every pixel would hide them.
    files: ['core/engine/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['test/**'],
    rules: {
      // An index that a test has just made sure of reads better with `!`, and fails the test loudly when it was wrong.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Fakes are object literals, whose methods use no `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  {
    // Plain JavaScript with JSDoc types: it has to run before any tool is installed.
    files: ['**/*.{js,mjs}'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      // These rules do not see JSDoc casts; tsc checks what is cast.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
