import { describe, expect, it } from 'vitest';
import { chooseWindow } from '../../../build/start/choose-window.ts';

const electron = '/dist/electron';
const whole = { electron, display: true };

describe('npm start', () => {
  it('opens the desktop program where it is installed and there is a display', () => {
    expect(chooseWindow([], whole)).toEqual({ kind: 'desktop', electron, args: [] });
  });

  it('hands photos and the library to it, in the form that it reads', () => {
    const { args } = chooseWindow(['a.jpg', '--library', '/photos', '--library=/other', 'b c.jpg'], whole);
    expect(args).toEqual(['a.jpg', '--library=/photos', '--library=/other', 'b c.jpg']);
  });

  it('says why there is only a browser', () => {
    expect(chooseWindow([], { electron: null, display: true })).toEqual({
      kind: 'browser',
      args: [],
      reason: "No window of its own here: Electron's program is not installed (npm run get-electron fetches it).",
    });
    expect(chooseWindow([], { electron, display: false })).toEqual({
      kind: 'browser',
      args: [],
      reason: 'No window of its own here: there is no display.',
    });
  });

  it('opens the browser that was asked for, and says nothing of it', () => {
    expect(chooseWindow(['--browser', '--library', '/photos'], whole)).toEqual({
      kind: 'browser',
      args: ['--library', '/photos'],
      reason: null,
    });
  });

  it.each([['--port', '8080'], ['--port=8080'], ['--root', '/photos'], ['--root=/photos'], ['--json']])(
    'takes %s for the wish to have the server, which alone has it',
    (...args) => {
      expect(chooseWindow(args, whole)).toEqual({ kind: 'browser', args, reason: null });
    },
  );
});
