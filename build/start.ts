/**
 * @file Command `npm start [-- options]`: builds what is stale and opens the window: the desktop's where that can be, else in a browser.
 * `--browser` asks for the latter; further options are those of `enlarger serve`.
 */
import path from 'node:path';
import { hasDisplay } from '../cli/serve/open-browser.ts';
import { runProgram } from './bootstrap/run.mjs';
import { electronBinary } from './package/electron-binary.ts';
import { chooseWindow } from './start/choose-window.ts';

const root = path.resolve(import.meta.dirname, '..');
const say = (sentence: string): void => void process.stderr.write(`enlarger: ${sentence}\n`);
const display = hasDisplay();

const choice = chooseWindow(process.argv.slice(2), { electron: electronBinary(root), display });
if (choice.kind === 'desktop') {
  // With all that it builds with, which a browser has no need of.
  const { buildDesktop } = await import('./package/desktop.ts');
  const program = await buildDesktop({ root, say });
  process.exitCode = await runProgram({ root, node: choice.electron, file: program, args: [...choice.args] });
} else {
  if (choice.reason !== null) say(choice.reason);
  const args = ['serve', ...(display ? ['--open'] : []), ...choice.args];
  process.exitCode = await runProgram({ root, node: process.execPath, file: path.join(root, 'cli', 'main.ts'), args });
}
