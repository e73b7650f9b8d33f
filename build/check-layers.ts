/** @file Command: checks the import law and fails when it is broken, or when there was nothing to check. */
import path from 'node:path';
import { checkLayers } from './layers/check-layers.ts';

const root = path.resolve(import.meta.dirname, '..');
const { fileCount, violations } = await checkLayers(process.argv[2] ?? root);
for (const violation of violations) console.error(violation);
if (fileCount === 0) console.error('The import law found no source file to check. Run it on the root of the repository.');
console.log(`import law: ${String(fileCount)} files, ${String(violations.length)} violations`);
process.exitCode = fileCount === 0 || violations.length > 0 ? 1 : 0;
