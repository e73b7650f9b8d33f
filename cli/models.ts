/** `enlarger models list` and `show`. */
import type { ModelCard } from '../core/photo/model-card.ts';
import { EnlargerError } from '../core/photo/failure.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatBytes } from './format.ts';
import type { Io } from './io.ts';
import { displayWidth, escapeControls } from './text.ts';
import { installedModels, tellModelProblems } from './workplace.ts';

/** Prints a table, or with `json` one card per line. Cards that cannot be used are told on stderr. */
export async function listModels(io: Io, json: boolean): Promise<ExitCode> {
  const store = await installedModels();
  tellModelProblems(io.say, store);
  const cards = store.models.map((model) => model.card);
  if (json) {
    for (const card of cards) io.out(`${JSON.stringify(card)}\n`);
  } else if (cards.length === 0) {
    io.err('enlarger: No model is installed. models/README.md says what a model folder holds.\n');
  } else {
    io.out(modelTable(cards));
  }
  return exitCodes.done;
}

/** Prints one card. Throws `model-missing` with the ids that there are. */
export async function showModel(io: Io, id: string, json: boolean): Promise<ExitCode> {
  const store = await installedModels();
  const model = store.models.find((candidate) => candidate.card.id === id);
  if (model === undefined) {
    tellModelProblems(io.say, store);
    const ids = store.models.map((candidate) => candidate.card.id).join(', ') || 'none';
    throw new EnlargerError('model-missing', `There is no model "${id}". Installed: ${ids}.`);
  }
  io.out(json ? `${JSON.stringify(model.card)}\n` : cardText(model.card, model.directory));
  return exitCodes.done;
}

/** The table of `models list`. */
export function modelTable(cards: readonly ModelCard[]): string {
  const rows = cards.map((card) => [
    card.id,
    `×${String(card.scale)}`,
    card.task,
    variantSizes(card),
    bestMetrics(card),
    escapeControls(card.use),
  ]);
  return table([['ID', 'SCALE', 'TASK', 'FILES', 'QUALITY', 'USE'], ...rows]);
}

function variantSizes(card: ModelCard): string {
  return card.variants.map((variant) => `${variant.precision} ${formatBytes(variant.bytes)}`).join(', ');
}

/** At most so many figures fit a row. */
const shownFigures = 3;

/** PSNR of the variant that runs, of each set of clean photos, or without those of damaged ones; resampling filters in the card are its baselines. */
function bestMetrics(card: ModelCard): string {
  const precisions = card.variants.map((variant) => variant.precision);
  const measured = card.metrics.filter((metric) => precisions.some((precision) => precision === metric.precision));
  const clean = measured.filter((metric) => metric.damage === undefined);
  const named = (clean.length > 0 ? clean : measured).map((metric) => ({ metric, name: metricName(metric) }));
  const names = [...new Set(named.map(({ name }) => name))].slice(0, shownFigures);
  return (
    names
      .map((name) => {
        const of = named.filter((one) => one.name === name).map(({ metric }) => metric);
        const shown = of.find((metric) => metric.precision === 'int8') ?? of[0];
        return `${escapeControls(name)} ${shown?.psnrDb.toFixed(2) ?? ''} dB`;
      })
      .join(', ') || 'not measured'
  );
}

function metricName({ set, damage }: ModelCard['metrics'][number]): string {
  return damage === undefined ? set : `${set} ${damage}`;
}

/** The text of `models show`. */
export function cardText(card: ModelCard, directory: string): string {
  const facts: [string, string][] = [
    ['id', card.id],
    ['name', card.name],
    ['version', card.version],
    ['licence', card.licence],
    ['task', `${card.task}, ×${String(card.scale)}`],
    ['use', card.use],
    ['strength', card.input.extraPlanes.includes('strength') ? 'can be set with --denoise' : 'fixed'],
    ['radius', `${String(card.receptiveFieldRadius)} pixels`],
    ['tiles', `${String(card.tile.default)} pixels a side (${String(card.tile.min)} to ${String(card.tile.max)})`],
    ['trained on', card.training.data],
    ['training', trainingText(card.training)],
    ['folder', directory],
  ];
  const variants = card.variants.map((variant) => [
    variant.file,
    variant.precision,
    formatBytes(variant.bytes),
    variant.devices.join(', '),
    variant.sha256,
  ]);
  const metrics = card.metrics.map((metric) => [
    metricName(metric),
    metric.precision,
    `${metric.psnrDb.toFixed(2)} dB`,
    metric.ssim === undefined ? '' : metric.ssim.toFixed(4),
    metric.protocol,
  ]);
  const parts = [table(facts), table([['FILE', 'PRECISION', 'SIZE', 'DEVICES', 'SHA-256'], ...variants])];
  if (metrics.length > 0) parts.push(table([['SET', 'PRECISION', 'PSNR', 'SSIM', 'PROTOCOL'], ...metrics]));
  return parts.join('\n');
}

function trainingText({ summary, steps, seed, minutes, hardware, earlier = [] }: ModelCard['training']): string {
  const time = minutes === undefined ? '' : ` in ${minutes.toFixed(0)} minutes${hardware === undefined ? '' : ` on ${hardware}`}`;
  const before = earlier.map((one) => `, after ${String(one.steps)} steps of ${one.id}`).join('');
  return `${summary} (${String(steps)} steps${time}${before}, seed ${String(seed)})`;
}

/** Rows as aligned columns, two spaces apart, each row ended by a newline. */
export function table(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(escapeControls));
  const widths: number[] = [];
  for (const row of shown) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell))));
  return shown
    .map((row) => {
      const cells = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)));
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
