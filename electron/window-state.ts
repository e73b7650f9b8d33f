/** @file Main process: where the window was and how it looked, remembered from one start to the next. */
import { readFileSync } from 'node:fs';
import type { Rectangle } from 'electron';
import { z } from 'zod';
import { nodeFileOps, type FileOps } from '../core/disk/file-ops.ts';
import { themes } from '../core/photo/preferences.ts';

/** In density-independent pixels of the whole desktop. */
const boundsSchema = z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() });
const windowStateSchema = z.object({
  /** While it is not maximised; null: never moved, so the system chooses. */
  bounds: boundsSchema.nullable(),
  maximized: z.boolean(),
  /** As last set: the first picture of the window comes before the preferences are read. */
  theme: z.enum(themes),
});
export type WindowState = z.infer<typeof windowStateSchema>;

export const leastSize = { width: 360, height: 480 } as const;
export const usualSize = { width: 1280, height: 840 } as const;

/** So much of a window must lie on a screen that one can take hold of its title and draw it in. */
const graspable = { width: 120, height: 40 } as const;

export interface WindowMemory {
  readonly state: WindowState;
  /** Takes in what changed and writes it down soon. */
  remember(changes: Partial<WindowState>): void;
  /** Waits until all of it is written. */
  close(): Promise<void>;
}

const unknownState: WindowState = { bounds: null, maximized: false, theme: 'system' };
/** Dragging a window tells its place many times a second. */
const writeAfterMs = 500;

/** A file that is missing or damaged is an empty memory; one that cannot be written costs only the memory. */
export function openWindowMemory(path: string, files: Pick<FileOps, 'writeText'> = nodeFileOps): WindowMemory {
  let state = readState(path);
  let timer: NodeJS.Timeout | undefined;
  const write = async (): Promise<void> => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    await files.writeText(path, JSON.stringify(state)).catch(() => undefined);
  };
  return {
    get state() {
      return state;
    },
    remember(changes) {
      state = { ...state, ...changes };
      timer ??= setTimeout(() => void write(), writeAfterMs);
    },
    close: write,
  };
}

function readState(path: string): WindowState {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return unknownState;
  }
}

/** The remembered place if it can still be reached on one of the screens, whose work areas these are; else null. A screen may have gone. */
export function reachable(bounds: Rectangle | null, workAreas: readonly Rectangle[]): Rectangle | null {
  if (bounds === null) return null;
  const width = Math.max(leastSize.width, bounds.width);
  const height = Math.max(leastSize.height, bounds.height);
  const screen = workAreas.find((area) => {
    const visibleWidth = Math.min(bounds.x + width, area.x + area.width) - Math.max(bounds.x, area.x);
    const titleIsInside = bounds.y >= area.y && bounds.y + graspable.height <= area.y + area.height;
    return visibleWidth >= graspable.width && titleIsInside;
  });
  if (screen === undefined) return null;
  // A window that was larger than the screen it is on now would hide its own edges.
  return { x: bounds.x, y: bounds.y, width: Math.min(width, screen.width), height: Math.min(height, screen.height) };
}
