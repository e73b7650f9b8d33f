/** The frames of a page, counted by the page itself and by the browser's own trace. */
import type { Browser, Page } from 'playwright';
import { median, percent } from '../../bench/table.ts';
import { milliseconds, quantile, type Figures } from './figures.ts';

const frameMs = 1000 / 60;
/** Timers of the browser are that exact. */
const toleranceMs = 1;
/** Longer than this from one to the next, and a frame came late. */
export const lateMs = frameMs + toleranceMs;

/** Milliseconds of each frame that the page draws meanwhile. */
export async function framesWhile(page: Page, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const state = { frames: [] as number[], before: performance.now(), running: true };
    Object.assign(globalThis, { benchFrames: state });
    const tick = (nowMs: number): void => {
      state.frames.push(nowMs - state.before);
      state.before = nowMs;
      if (state.running) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await work();
  return await page.evaluate(() => {
    const { benchFrames: state } = globalThis as unknown as { benchFrames: { frames: number[]; running: boolean } };
    state.running = false;
    // The first two begin before the work does.
    return state.frames.slice(2);
  });
}

export function lateness(frames: readonly number[]): string {
  const share = (limit: number): string => percent(frames.filter((ms) => ms > limit).length / frames.length);
  return `${share(lateMs)} late, ${share(2 * frameMs)} > 33 ms`;
}

export function rowsOfFrames(figure: string, frames: readonly number[]): Figures['rows'] {
  return [
    { figure, measured: lateness(frames), target: '60 frames a second' },
    {
      figure: '— median, 95th percentile and longest of a frame',
      measured: `${median(frames).toFixed(1)}, ${quantile(frames, 0.95).toFixed(1)} and ${milliseconds(Math.max(...frames))}`,
      target: '16.7 ms',
    },
  ];
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly args?: { readonly frame_reporter?: FrameReport; readonly chrome_frame_reporter?: FrameReport };
}

/** As Chromium's compositor traces it. */
interface FrameReport {
  readonly state: string;
  readonly affects_smoothness: boolean;
  readonly layer_tree_host_id: number;
  readonly frame_sequence: number;
}

/** Share of the frames with something new to show that the browser itself says it dropped meanwhile, 0..1. */
export async function droppedWhile(browser: Browser, work: () => Promise<void>): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const reports = new Map<string, FrameReport[]>();
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const { name, ph, args } of value as unknown as TraceEvent[]) {
      const report = args?.frame_reporter ?? args?.chrome_frame_reporter;
      if (name !== 'PipelineReporter' || ph !== 'b' || report === undefined) continue;
      const frame = `${report.layer_tree_host_id} ${report.frame_sequence}`;
      reports.set(frame, [...(reports.get(frame) ?? []), report]);
    }
  });
  const complete = new Promise<unknown>((resolve) => session.once('Tracing.tracingComplete', resolve));
  const includedCategories = ['disabled-by-default-devtools.timeline.frame'];
  await session.send('Tracing.start', { traceConfig: { includedCategories }, transferMode: 'ReportEvents' });
  await work();
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const frames = [...reports.values()];
  // One frame is reported several times where its parts take separate ways.
  const shown = frames.filter((parts) => parts.some(({ state }) => state.startsWith('STATE_PRESENTED')));
  const dropped = frames.filter(
    (parts) => !shown.includes(parts) && parts.some((part) => part.state === 'STATE_DROPPED' && part.affects_smoothness),
  );
  if (shown.length === 0) throw new Error('The trace has no frames.');
  return dropped.length / (dropped.length + shown.length);
}
