/**
 * Makes a model of a trained network:
 *
 *     node models/export/main.ts <run folder> [--to <folder>] [--id photo-x2] [--unfinished]
 *
 * Without --to it writes into models/<id>. --unfinished takes a training that still runs.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EnlargerError } from '../../core/photo/failure.ts';
import { exportRun } from './export-run.ts';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { to: { type: 'string' }, id: { type: 'string' }, unfinished: { type: 'boolean' } },
  });
  const [runFolder] = positionals;
  if (runFolder === undefined || positionals.length > 1)
    throw new Error('Usage: node models/export/main.ts <run folder> [--to <folder>] [--id photo-x2] [--unfinished]');
  const modelFolder = (id: string): string => values.to ?? fileURLToPath(new URL(`../${id}`, import.meta.url));
  const card = await exportRun({
    runFolder,
    modelFolder,
    id: values.id,
    unfinished: values.unfinished,
    print: (line) => console.log(line),
  });
  console.log(
    `${card.id} ${card.version}: ${card.variants.map(({ file, bytes }) => `${file} ${bytes} bytes`).join(', ')} in ${modelFolder(card.id)}`,
  );
} catch (error) {
  console.error(error instanceof EnlargerError || error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
