import { describe, expect, it } from 'vitest';
import { runPythonTests, trainingPython } from '../../fixtures/python.ts';

const python = trainingPython();
if (python === null) console.log('Training is not tested: no Python with PyTorch, NumPy and Pillow was found.');

describe.skipIf(python === null)('training', () => {
  it.each(['test_photos', 'test_damage', 'test_network', 'test_training'])(
    'passes every test of %s.py',
    (name) => {
      const { passed, ran, output } = runPythonTests(python ?? '', new URL(`${name}.py`, import.meta.url));
      expect(passed, output).toBe(true);
      expect(ran).toBeGreaterThan(0);
    },
    300_000,
  );
});
