import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { listenForInterrupts } from '../../cli/interrupts.ts';

function listen() {
  const source = new EventEmitter();
  let nowMs = 1000;
  let seconds = 0;
  const interrupts = listenForInterrupts(
    source,
    () => (seconds += 1),
    () => nowMs,
  );
  const send = (name: string, atMs: number): void => {
    nowMs = atMs;
    source.emit(name);
  };
  return { source, interrupts, send, seconds: () => seconds };
}

describe('interrupts', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('the first %s asks the work to stop', (name) => {
    const { interrupts, send, seconds } = listen();
    expect(interrupts.signal.aborted).toBe(false);
    send(name, 1000);
    expect([interrupts.signal.aborted, seconds()]).toEqual([true, 0]);
  });

  it('one key press that arrives twice, through the terminal and through npm, counts once', () => {
    const { send, seconds } = listen();
    send('SIGINT', 1000);
    send('SIGINT', 1003);
    expect(seconds()).toBe(0);
  });

  it('a second one after that ends at once', () => {
    const { send, seconds } = listen();
    send('SIGINT', 1000);
    send('SIGTERM', 1600);
    expect(seconds()).toBe(1);
  });

  it('leave no listener behind', () => {
    const { source, interrupts } = listen();
    expect(source.eventNames().length).toBeGreaterThan(0);
    interrupts.dispose();
    expect(source.eventNames()).toEqual([]);
  });
});
