import { describe, expect, it } from 'vitest';
import type { JobView } from '../../../core/api/contract.ts';
import { createEvents } from '../../../core/api/events.ts';

const job: JobView = {
  id: 1,
  kind: 'enhance',
  photoId: 1,
  resultId: null,
  name: 'a.jpg',
  priority: 100,
  status: { state: 'done' },
  fraction: 1,
};

describe('events', () => {
  it('reach every listener until its subscription ends, in order', () => {
    const events = createEvents({ check: true });
    const heard: string[] = [];
    const end = events.subscribe('job', ({ id }) => heard.push(`a${id}`));
    const same = ({ id }: { id: number }): void => void heard.push(`b${id}`);
    const endFirst = events.subscribe('job', same);
    events.subscribe('job', same);
    events.emit('job', job);
    end();
    end();
    endFirst();
    events.emit('job', { ...job, id: 2 });
    events.emit('library', { changedIds: [1], listChanged: false });
    expect(heard).toEqual(['a1', 'b1', 'b1', 'b2']);
  });

  it('begin with the state of now, where there is one', () => {
    let ids: number[] | null = null;
    const events = createEvents({ states: { library: () => (ids === null ? null : { changedIds: ids, listChanged: false }) } });
    const heard: unknown[] = [];
    events.subscribe('library', (value) => heard.push(value));
    ids = [7];
    events.subscribe('library', (value) => heard.push(value));
    events.subscribe('job', (value) => heard.push(value));
    expect(heard).toEqual([{ changedIds: [7], listChanged: false }]);
  });

  it('let a listener end its own subscription and begin others', () => {
    const events = createEvents();
    const heard: string[] = [];
    const end = events.subscribe('job', () => {
      heard.push('first');
      end();
      events.subscribe('job', () => heard.push('later'));
    });
    events.subscribe('job', () => heard.push('second'));
    events.emit('job', job);
    events.emit('job', job);
    expect(heard).toEqual(['first', 'second', 'second', 'later']);
  });

  it('reach the others when one listener throws, whose error is not lost', async () => {
    const events = createEvents();
    const uncaught = new Promise<unknown>((resolve) => {
      const listeners = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error) => {
        for (const listener of listeners) process.on('uncaughtException', listener);
        resolve(error);
      });
    });
    let heard = 0;
    events.subscribe('job', () => {
      throw new Error('a broken window');
    });
    events.subscribe('job', () => void (heard += 1));
    events.emit('job', job);
    expect(heard).toBe(1);
    expect(await uncaught).toMatchObject({ message: 'a broken window' });
  });

  it('that break the contract throw where they are made, in development', () => {
    const bad = { ...job, fraction: 2 };
    expect(() => {
      createEvents({ check: true }).emit('job', bad);
    }).toThrow(/fraction/);
  });
});
