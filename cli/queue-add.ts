/** `enlarger queue add`. */
import type { BatchPlan } from '../core/api/contract.ts';
import { EnlargerError } from '../core/photo/failure.ts';
import { planNoteText } from '../core/photo/plan-note.ts';
import type { Recipe } from '../core/photo/recipe.ts';
import { parseRecipeOptions, type RawRecipeOptions } from './enhance-options.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatCount, formatEstimate, formatMegapixels } from './format.ts';
import { shownPath } from './human-text.ts';
import type { Io } from './io.ts';
import { lookAtAll } from './library-add.ts';
import { parseChoice, type LibraryFlags } from './library-options.ts';
import type { LibraryPlace } from '../core/host/place.ts';
import { escapeControls } from './text.ts';
import { UsageError } from './usage-error.ts';
import { withLibrary } from './with-library.ts';

/**
 * Tells what it will take, then adds it. `--json`: a `planned` line, a `failed` line for each photo that cannot be made, and a `queued` line.
 * Exit code 1 when a photo cannot be made. Rejects with `disk-full` when it does not fit: then nothing is added.
 */
export async function addToQueue(
  io: Io,
  words: readonly string[],
  flags: LibraryFlags & RawRecipeOptions & { readonly album?: string; readonly query?: string },
): Promise<ExitCode> {
  const choice = parseChoice(words, flags);
  if (choice === null) throw new UsageError('No photo was named. Give numbers from "enlarger library list", --album or --query.');
  const { recipe: asked, sizeIsGiven } = parseRecipeOptions(flags);
  return await withLibrary(io, flags, async (place) => {
    const { client } = place;
    const recipe = sizeIsGiven ? asked : sizedByModel(asked, place);
    // What an interrupted import left; otherwise there is nothing to look at.
    await lookAtAll(place, { wait: () => undefined, signal: io.outClosed });
    const plan = await client.queue.plan({ choice, recipe });
    tellPlan(io, flags, plan, place);
    let isRefused = plan.refused.length > 0;
    if (plan.photos.length + plan.unread.length > 0) {
      const { jobs, cached, plan: made } = await client.queue.add({ choice, recipe });
      const known = new Set(plan.refused.map(({ id }) => id));
      tellRefused(
        io,
        flags,
        made.refused.filter(({ id }) => !known.has(id)),
        place,
      );
      isRefused ||= made.refused.length > 0;
      if (flags.json === true) io.out(`${JSON.stringify({ type: 'queued', jobs, cached })}\n`);
      else io.out(`${addedText(jobs.length, cached)}\n`);
    }
    return isRefused ? exitCodes.failed : exitCodes.done;
  });
}

/** Where no size was asked for, a named model enlarges by its own scale. */
function sizedByModel(recipe: Recipe, { models }: LibraryPlace): Recipe {
  if (recipe.model === null) return recipe;
  const model = models.find(({ card }) => card.id === recipe.model);
  if (model === undefined) {
    const ids = models.map(({ card }) => card.id).join(', ') || 'none';
    throw new EnlargerError('model-missing', `There is no model "${recipe.model}". Installed: ${ids}.`);
  }
  return { ...recipe, target: { kind: 'scale', scale: model.card.scale } };
}

function pathOf(id: number, { catalog }: LibraryPlace): string {
  return catalog.photos.get(id)?.path ?? `photo ${id}`;
}

function tellRefused(io: Io, { json }: LibraryFlags, refused: BatchPlan['refused'], place: LibraryPlace): void {
  for (const { id, failure } of refused) {
    const { code, message } = failure;
    const path = pathOf(id, place);
    if (json === true) io.out(`${JSON.stringify({ type: 'failed', input: path, code, message })}\n`);
    else io.say(`failed   ${shownPath(path)}: ${escapeControls(message)}`);
  }
}

function tellPlan(io: Io, flags: LibraryFlags, plan: BatchPlan, place: LibraryPlace): void {
  if (flags.json === true) {
    const { outputMegapixels, estimateMs, cacheBytes, scratchBytes, freeBytes } = plan;
    const photos = plan.photos.map((photo) => ({ ...photo, notes: photo.notes.map(planNoteText) }));
    io.out(`${JSON.stringify({ type: 'planned', photos, outputMegapixels, estimateMs, cacheBytes, scratchBytes, freeBytes })}\n`);
  }
  tellRefused(io, flags, plan.refused, place);
  if (flags.json === true) return;
  for (const { id, notes } of plan.photos)
    for (const note of notes) io.say(`note     ${shownPath(pathOf(id, place))}: ${escapeControls(planNoteText(note))}`);
  for (const line of batchPlanLines(plan)) io.say(line);
}

/** What a batch will take, for people. */
export function batchPlanLines(plan: BatchPlan): string[] {
  const toMake = plan.photos.filter(({ cached }) => !cached).map(({ width, height }) => (width * height) / 1e6);
  if (toMake.length === 0) return [];
  const time = plan.estimateMs === null ? 'not measured yet on this computer' : `about ${formatEstimate(plan.estimateMs)}`;
  const megapixels = toMake.reduce((sum, each) => sum + each, 0);
  const sizes =
    toMake.length === 1
      ? formatMegapixels(megapixels)
      : `${formatMegapixels(megapixels)} in all, up to ${formatMegapixels(Math.max(...toMake))} each`;
  const free = plan.freeBytes === null ? '' : `; ${formatBytes(plan.freeBytes)} free`;
  return [
    `${formatCount(toMake.length, 'photo')} to make, ${sizes}. Time: ${time}.`,
    `Disk: about ${formatBytes(plan.cacheBytes)} in the cache, and up to ${formatBytes(plan.scratchBytes)} while working${free}.`,
  ];
}

function addedText(jobs: number, cached: number): string {
  const ready = cached === 0 ? '' : `${formatCount(cached, 'result')} ${cached === 1 ? 'is' : 'are'} ready already. `;
  return jobs === 0 ? ready.trim() : `${ready}${formatCount(jobs, 'photo')} in the queue; "enlarger queue run" makes them.`;
}
