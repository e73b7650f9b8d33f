/** The sentences of a run for people, as pure functions: no terminal, no clock. */
import type { RunEvent } from '../core/photo/run-events.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatEstimate,
  formatMegapixels,
  formatPercent,
  formatRate,
} from './format.ts';
import { displayWidth, escapeControls, truncateMiddle } from './text.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

/** Emphasis that a terminal with colours shows and any other output leaves out. */
export interface Paint {
  red(text: string): string;
  green(text: string): string;
  dim(text: string): string;
}

const same = (text: string): string => text;
export const noPaint: Paint = { red: same, green: same, dim: same };
export const ansiPaint: Paint = {
  red: (text) => `\u001b[31m${text}\u001b[39m`,
  green: (text) => `\u001b[32m${text}\u001b[39m`,
  dim: (text) => `\u001b[2m${text}\u001b[22m`,
};

/** What the run will take, said before it starts. One line each. */
export function planLines(plan: EventOf<'planned'>): string[] {
  if (plan.photos === 0) return [];
  const time = plan.estimateMs === null ? 'not measured yet on this computer' : `about ${formatEstimate(plan.estimateMs)}`;
  const scratch = plan.scratchBytes === 0 ? '' : ` and up to ${formatBytes(plan.scratchBytes)} while working`;
  // Some network disks do not tell.
  const free = Number.isFinite(plan.freeBytes) ? `; ${formatBytes(plan.freeBytes)} free` : '';
  return [
    `${formatCount(plan.photos, 'photo')} to make, ${formatMegapixels(plan.outputMegapixels)} in all. Time: ${time}.`,
    `Disk: about ${formatBytes(plan.outputBytes)} for the results${scratch}${free}.`,
  ];
}

/** A name that nobody can hide a line break or a cursor movement in. */
export function shownPath(path: string): string {
  return escapeControls(path);
}

/** Without an `output` where the result has no place that a person would look at. */
export function doneLine(event: EventOf<'done'>, paint: Paint): string {
  const size = `${String(event.width)} × ${String(event.height)}`;
  const cleaned = event.strength === undefined || event.strength === 0 ? '' : `cleaned: ${event.strength.toFixed(2)}, `;
  const output = event.output === '' ? '' : ` → ${shownPath(event.output)}`;
  return `${paint.green('done')}     ${shownPath(event.input)}${output} (${size}, ${cleaned}${formatDuration(event.ms.total)})`;
}

/** Which file, what is wrong and what to do: the failure's message says the last two. */
export function failedLine(event: EventOf<'failed'>, paint: Paint): string {
  return `${paint.red('failed')}   ${shownPath(event.input)}: ${escapeControls(event.message)}`;
}

/** A failure right below one with the same message. */
export function failedAgainLine(event: EventOf<'failed'>, paint: Paint): string {
  return `${paint.red('failed')}   ${shownPath(event.input)}: for the same reason`;
}

export function skippedLine(event: EventOf<'skipped'>, paint: Paint): string {
  return `${paint.dim('skipped')}  ${shownPath(event.input)}: ${escapeControls(event.reason)}`;
}

export function skippedManyLine(count: number, gist: string, paint: Paint): string {
  return `${paint.dim('skipped')}  ${formatCount(count, 'photo')}: ${escapeControls(gist)}`;
}

export function noteLine(event: EventOf<'note'>, paint: Paint): string {
  return `${paint.dim('note')}     ${shownPath(event.input)}: ${escapeControls(event.text)}`;
}

/** The steady line: photo, percent, speed, time left, and the current name in what room is left. */
export function progressLine(overall: EventOf<'overall'>, currentInput: string | null, columns: number): string {
  const parts = [
    `photo ${String(Math.min(overall.photosDone + 1, overall.photos))} of ${String(overall.photos)}`,
    formatPercent(overall.fraction),
  ];
  if (overall.megapixelsPerSecond !== null) parts.push(formatRate(overall.megapixelsPerSecond));
  if (overall.remainingMs !== null) parts.push(`${formatEstimate(overall.remainingMs)} left`);
  const figures = parts.join(' · ');
  const room = columns - displayWidth(figures) - 3;
  if (currentInput === null || room < 8) return truncateMiddle(figures, columns);
  return `${figures} · ${truncateMiddle(shownPath(currentInput), room)}`;
}

/** How a run ended: counts, time, and where the files are. */
export function summaryLines(summary: EventOf<'summary'>, outputFolders: readonly string[], interrupted: boolean): string[] {
  const { done, failed, skipped } = summary;
  const counts = [`${formatCount(done, 'photo')} done`];
  if (failed > 0) counts.push(`${String(failed)} failed`);
  if (skipped > 0) counts.push(`${String(skipped)} skipped`);
  const first = `${interrupted ? 'Stopped: ' : ''}${counts.join(', ')} in ${formatDuration(summary.ms)}.`;
  const [folder, ...others] = outputFolders.map(shownPath);
  if (folder === undefined) return [first];
  const where = others.length === 0 ? folder : `${folder} and ${formatCount(others.length, 'other folder')}`;
  return [first, `${done === 1 ? 'The result is' : 'The results are'} in ${where}`];
}
