/** `enlarger models verify`: every file of every model through the engine's own check. */
import { toFailure, type Failure } from '../core/photo/failure.ts';
import { findModel, type InstalledModel } from '../core/jobs/model-store.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatMilliseconds } from './format.ts';
import { shownPath } from './human-text.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { Io } from './io.ts';
import { escapeControls } from './text.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/** One line of `models verify --json`. */
interface VerifyLine {
  /** Id from the card, or null when there is no card that can be read. */
  readonly model: string | null;
  /** File name in the card, or the path of what could not be read. */
  readonly file: string;
  readonly ok: boolean;
  /** Time to load and probe the network. */
  readonly loadMs?: number;
  readonly failure?: Failure;
}

/** Checks the named model, or all. Exit code 1 when one file fails, or when there is nothing to check. */
export async function verifyModels(io: Io, named: string | null, json: boolean): Promise<ExitCode> {
  const interrupts = listenForInterrupts(process, () => process.exit(exitCodes.interrupted));
  const workplace = await openWorkplace(io.say);
  let checked = 0;
  let failed = 0;
  const tell = (line: VerifyLine): void => {
    checked += 1;
    if (!line.ok) failed += 1;
    io.out(json ? `${JSON.stringify(line)}\n` : verifyText(line));
  };
  try {
    const models = await modelsToVerify(workplace, named, interrupts.signal, tell);
    for (const model of models) await verifyModel(workplace, model, interrupts.signal, tell);
  } catch (error) {
    if (interrupts.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    interrupts.dispose();
    await workplace.close();
  }
  if (checked === 0)
    io.err('enlarger: No model is installed, so nothing was verified. models/README.md says what a model folder holds.\n');
  return failed > 0 || checked === 0 ? exitCodes.failed : exitCodes.done;
}

async function modelsToVerify(
  workplace: Workplace,
  named: string | null,
  signal: AbortSignal,
  tell: (line: VerifyLine) => void,
): Promise<readonly InstalledModel[]> {
  const { store, engine } = workplace;
  if (named === null) {
    for (const problem of store.problems) tell({ model: null, file: problem.path, ok: false, failure: problem.failure });
    return store.models;
  }
  try {
    return [await findModel(named, store, engine, signal)];
  } catch (error) {
    if (signal.aborted) throw error;
    tell({ model: null, file: named, ok: false, failure: toFailure(error) });
    return [];
  }
}

async function verifyModel(
  { engine }: Workplace,
  { card, directory }: InstalledModel,
  signal: AbortSignal,
  tell: (line: VerifyLine) => void,
): Promise<void> {
  for (const { file } of card.variants) {
    try {
      const { scale, loadMs } = await engine.call('checkModel', { directory, file }, { signal });
      if (scale === card.scale) {
        tell({ model: card.id, file, ok: true, loadMs });
      } else {
        const message = `The network enlarges ×${String(scale)}, but its card says ×${String(card.scale)}. Correct the card or install the model again.`;
        tell({ model: card.id, file, ok: false, failure: { code: 'model-invalid', message } });
      }
    } catch (error) {
      if (signal.aborted) throw error;
      tell({ model: card.id, file, ok: false, failure: toFailure(error) });
    }
  }
}

function verifyText(line: VerifyLine): string {
  const name = line.model === null ? shownPath(line.file) : `${line.model}  ${shownPath(line.file)}`;
  return line.failure === undefined
    ? `ok      ${name}  (loaded and probed in ${formatMilliseconds(line.loadMs ?? 0)})\n`
    : `failed  ${name}: ${escapeControls(line.failure.message)}\n`;
}
